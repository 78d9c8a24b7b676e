# The tracking page in Hindi. What the placeholders mean stands in words/en.

order = ऑर्डर
test-order = यह टेस्ट ऑर्डर है: कोई पार्सल रास्ते में नहीं है।
languages = भाषा
steps = अब तक क्या हुआ
offline = अभी इंटरनेट कनेक्शन नहीं है। यहाँ दी गई जानकारी पुरानी हो सकती है।
keep-private = यह लिंक किसी और को न दें: जिसके पास यह लिंक है, वह यह पेज देख सकता है।
stop-texts = { $shop } के ऑर्डर के SMS बंद करें

state-order-confirmed = आपका ऑर्डर कन्फ़र्म हो गया है
state-out-for-delivery = आपका पार्सल डिलीवरी के लिए निकल चुका है
state-delivered = आपका पार्सल डिलीवर हो गया है
state-delivery-failed = आपका पार्सल डिलीवर नहीं हो सका
state-return-initiated = आपका पार्सल वापस भेजा जा रहा है

step-order-confirmed = ऑर्डर कन्फ़र्म हुआ
step-out-for-delivery = { $attempt ->
    [1] डिलीवरी के लिए निकला
   *[other] फिर से डिलीवरी के लिए निकला (कोशिश { $attempt })
  }
step-delivered = डिलीवर हुआ
step-delivery-failed = डिलीवरी नहीं हो सकी
step-return-initiated = वापसी शुरू हुई

expected-today = आज { $time } तक पहुँचने की उम्मीद है
expected-tomorrow = कल { $time } तक पहुँचने की उम्मीद है
expected-day = { $day } को { $time } तक पहुँचने की उम्मीद है
late-today = देर हो रही है: आज { $time } तक पहुँचना था
late-yesterday = देर हो रही है: बीते कल { $time } तक पहुँचना था
late-day = देर हो रही है: { $day } को पहुँचना था
next-attempt-today = हम आज { $time } तक फिर से आएँगे
next-attempt-tomorrow = हम कल { $time } तक फिर से आएँगे
next-attempt-day = हम { $day } को फिर से आएँगे
delivered-today = आज { $time } पर डिलीवर हुआ
delivered-yesterday = बीते कल { $time } पर डिलीवर हुआ
delivered-day = { $day } को { $time } पर डिलीवर हुआ

recipient-customer = पार्सल हाथ में दिया गया।
recipient-family = पार्सल परिवार के किसी सदस्य को दिया गया।
recipient-neighbour = पार्सल पड़ोसी को दिया गया।
recipient-security = पार्सल सिक्योरिटी गार्ड को दिया गया।
recipient-reception = पार्सल रिसेप्शन पर दिया गया।
recipient-mailroom = पार्सल मेलरूम में दिया गया।
recipient-other = पार्सल पते पर दिया गया।

rider = पार्सल कौन ला रहा है
rider-name = नाम
rider-phone = फ़ोन
vehicle = गाड़ी
vehicle-two-wheeler = दोपहिया
vehicle-three-wheeler = तिपहिया
vehicle-four-wheeler = चार पहिया
vehicle-truck = ट्रक
vehicle-other = अन्य
to-pay = डिलीवरी पर देने के लिए { $amount } तैयार रखें।

reason-customer-unavailable = पार्सल लेने के लिए कोई मौजूद नहीं था।
reason-customer-unreachable = फ़ोन पर आपसे बात नहीं हो सकी।
reason-customer-refused = पार्सल लेने से मना कर दिया गया।
reason-customer-cancelled = ऑर्डर रद्द कर दिया गया था।
reason-reschedule-requested = किसी और दिन आने को कहा गया था।
reason-address-incorrect = हमें पता नहीं मिला।
reason-customer-moved = हमें बताया गया कि इस नाम का कोई व्यक्ति इस पते पर नहीं रहता।
reason-access-restricted = हम इमारत या इलाक़े के अंदर नहीं जा सके।
reason-premises-closed = जगह बंद थी।
reason-out-of-delivery-area = यह पता हमारे डिलीवरी के इलाक़े से बाहर है।
reason-payment-not-ready = देने की रक़म तैयार नहीं थी।
reason-otp-unavailable = डिलीवरी कोड (OTP) पास में नहीं था।
reason-otp-mismatch = डिलीवरी कोड (OTP) मेल नहीं खाया।
reason-not-attempted = हम समय पर आपके पते तक नहीं पहुँच सके।
reason-vehicle-issue = हमारी गाड़ी में ख़राबी आ गई थी।
reason-weather-delay = मौसम की वजह से हम नहीं आ सके।
reason-shipment-damaged = पार्सल रास्ते में ख़राब हो गया।
reason-shipment-lost = पार्सल अभी मिल नहीं रहा है।
reason-kind-customer = पार्सल दरवाज़े पर दिया नहीं जा सका।
reason-kind-address = पते में कोई समस्या थी।
reason-kind-payment = पेमेंट में कोई समस्या थी।
reason-kind-verification = डिलीवरी की पुष्टि नहीं हो सकी।
reason-kind-carrier = हमारी तरफ़ से कुछ गड़बड़ हुई।
reason-kind-other = डिलीवरी नहीं हो सकी।

next-reattempt = हम फिर से कोशिश करेंगे।
next-reschedule = हम कोई और दिन तय कर रहे हैं।
next-hold = पार्सल फ़िलहाल हमारे डिलीवरी सेंटर में रखा है।
next-rto = पार्सल { $shop } को वापस भेजा जाएगा।
next-none = आगे क्या होगा, यह { $shop } से पूछें।

return-rto = पार्सल { $shop } को वापस जा रहा है।
return-customer-return = आपका लौटाया हुआ पार्सल { $shop } के पास जा रहा है।
return-expected-day = इसके { $day } तक वहाँ पहुँचने की उम्मीद है।
return-questions = रिफ़ंड या नई डिलीवरी के बारे में { $shop } से पूछें।

message-unknown = यह पेज उपलब्ध नहीं है
message-unknown-text = हो सकता है कि लिंक अधूरा हो या अब न चलता हो। अपने ऑर्डर के सबसे नए SMS से लिंक फिर से खोलें, या दुकान से पूछें।
message-too-often = कृपया थोड़ा रुकें
message-too-often-text = यह पेज बहुत बार खोला गया है। एक मिनट बाद फिर से कोशिश करें।
message-away = कृपया कुछ देर बाद कोशिश करें
message-away-text = पेज अभी नहीं दिखाया जा सकता। इससे आपके पार्सल पर कोई असर नहीं पड़ता।
