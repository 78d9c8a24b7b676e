# स्थितियाँ, और कोई चीज़ उस स्थिति में क्यों है, दुकान चलाने वाले के लिए। मैसेज भेजा जाता है, फ़ेल होता है,
# कतार में होता है, रुका होता है या छोड़ा जाता है; डिलीवर सिर्फ़ पार्सल होता है।

type-order-confirmed = ऑर्डर कन्फ़र्म
type-out-for-delivery = डिलीवरी के लिए निकला
type-delivered = डिलीवर हुआ
type-delivery-failed = डिलीवरी नहीं हुई
type-return-initiated = वापसी शुरू

channel-webhook = Webhook
channel-sms = SMS

event-accepted = कतार में
event-planned = मिला
event-failed = प्रोसेस नहीं हो सका

state-pending = कतार में
state-held = रुका हुआ
state-delivering = भेजा जा रहा है
state-delivered = भेजा गया
state-dead-lettered = फ़ेल
state-skipped = छोड़ा गया
state-skipped-for = छोड़ा गया: { $why }
state-discarded = हटाया गया
state-expired = समय निकल गया
state-retrying = दोबारा कोशिश हो रही है

skipped-no-channel = न endpoint, न SMS
skipped-type-not-subscribed = चुना नहीं गया
skipped-endpoint-removed = endpoint हटाया गया
skipped-sms-off-for-type = SMS बंद
skipped-sms-awaits-owner = SMS चालू नहीं किए गए
skipped-opted-out = SMS बंद करवाए
skipped-invalid-phone = मोबाइल नंबर नहीं
skipped-stale = आगे का अपडेट आ चुका
skipped-duplicate = यही पहले कहा जा चुका
skipped-recorded-only = सिर्फ़ रखा गया
skipped-erased = डेटा मिटाया गया

why-held-partner-paused = इस दुकान के लिए भेजना रोका हुआ है। उसे फिर चालू करें, फिर रुके हुए अपडेट दोबारा भेजें।
why-held-endpoint-off = Endpoint बंद है। उसे चालू करें, फिर रुके हुए अपडेट दोबारा भेजें।
why-held-endpoint-failing = Endpoint जवाब नहीं दे रहा। हम देखते रहते हैं और जवाब मिलते ही इसे भेज देंगे; कोई कोशिश ख़र्च नहीं होती।
why-held-endpoint-busy = Endpoint अपनी लिमिट पर है, या उसने हमें रुकने को कहा है। यह अपने आप चला जाएगा।
why-held-earlier-event = इसी ऑर्डर का पहले वाला अपडेट अभी नहीं गया है, और इस endpoint को अपडेट क्रम से मिलते हैं।
why-held-sms-suspended = SMS अभी रुके हुए हैं। फिर चालू होने पर यह चला जाएगा, अगर तब भी ग्राहक के काम का हो।
why-held-daily-cap = आज के SMS की लिमिट पूरी हो गई। यह कल जाएगा, अगर तब भी ग्राहक के काम का हो।
why-held-not-reached = फ़ोन पर नहीं पहुँच सका। हम थोड़ी देर में फिर कोशिश करेंगे।
why-held-redirected = फ़ोन नंबर ठीक कर दिया गया है। SMS थोड़ी ही देर में चला जाएगा।

why-skipped-no-channel = इस तरह के अपडेट के लिए न कोई endpoint है, न SMS।
why-skipped-type-not-subscribed = किसी endpoint पर इस तरह का अपडेट नहीं चुना गया है।
why-skipped-endpoint-removed = Endpoint हटा दिया गया।
why-skipped-sms-off-for-type = इस तरह के अपडेट के SMS बंद हैं।
why-skipped-sms-awaits-owner = SMS अपडेट अभी चालू नहीं किए गए हैं। मालिक इन्हें “ग्राहकों को SMS” में चालू करते हैं।
why-skipped-opted-out = ग्राहक ने इस दुकान के SMS बंद करवाए हैं।
why-skipped-invalid-phone = इस फ़ोन नंबर पर SMS नहीं जा सकता। SMS भेजने के लिए नंबर ठीक करें।
why-skipped-stale = ऑर्डर का बाद वाला अपडेट आ चुका था, या यह इतनी देर से आया कि ग्राहक के काम का नहीं रहा।
why-skipped-duplicate = इसी ऑर्डर का दूसरा अपडेट यही कह चुका है, और वह SMS ग्राहक को मिल चुका है या हो सकता है मिल चुका हो।
why-skipped-recorded-only = इसे सिर्फ़ रखा गया, भेजा नहीं गया।
why-skipped-erased = ग्राहक का डेटा मिटा दिया गया।

why-dead-exhausted = हर कोशिश फ़ेल हुई। वजह ठीक करें, फिर दोबारा कोशिश करें।
why-dead-gone = Endpoint ने 410 (हमेशा के लिए बंद) जवाब दिया, जिससे वह बंद हो जाता है। उसे चालू करें, फिर दोबारा कोशिश करें।
why-dead-rejected = SMS नहीं लिया गया, और वही फिर से भेजने से कुछ नहीं होगा।
why-dead-unknown = हो सकता है SMS चला गया हो, हो सकता है नहीं। दोबारा तभी भेजें जब ग्राहक को न मिला हो।
why-dead-cancelled-by-ops = हमारी सपोर्ट टीम ने इसे रोका।
why-dead-our-fault = हमारी तरफ़ की गड़बड़ से यह रुका; आपके endpoint की कोई ग़लती नहीं। दोबारा कोशिश करें; हमें भी इसका पता है।

why-discarded = किसी ने इसे हटा दिया। यह नहीं भेजा जाएगा।
why-expired = 14 दिन में किसी ने दोबारा कोशिश नहीं की। अब यह नहीं भेजा जाएगा।

# फ़ेल मैसेज का क्या करें: हर वजह के लिए एक उपाय।
advice-not-allowed = आपका सिस्टम हमें अंदर नहीं आने देता। अपने डेवलपर से कहें कि हमारी request आने दें, फिर दोबारा कोशिश करें।
advice-not-found = इस पते पर कुछ नहीं है। Endpoint का URL ठीक करें, फिर दोबारा कोशिश करें।
advice-gone = आपके सिस्टम के हिसाब से यह पता हमेशा के लिए बंद है (410)। नया पता डालें और endpoint चालू करें, फिर दोबारा कोशिश करें। टेस्ट event पर ऐसा जवाब आने से endpoint बंद नहीं होता।
advice-moved = पता बदल गया है, और हम redirect के पीछे नहीं जाते। Endpoint की सेटिंग में नया पता डालें, फिर दोबारा कोशिश करें।
advice-too-many = आपका सिस्टम एक साथ कम request चाहता है। Endpoint की rate limit घटाएँ, फिर दोबारा कोशिश करें।
advice-not-accepted = आपका सिस्टम हमारा भेजा हुआ नहीं ले रहा। वजह आपके डेवलपर को उसके लॉग में मिलेगी; ठीक होने के बाद दोबारा कोशिश करें।
advice-down = आपका सिस्टम बंद था या उस पर बहुत लोड था। उसके चालू होने पर दोबारा कोशिश करें।
advice-server-error = आपके सिस्टम में अपनी कोई गड़बड़ हुई। अपने डेवलपर से ठीक करवाएँ, फिर दोबारा कोशिश करें।
advice-timeout = आपके सिस्टम ने जवाब देने में बहुत देर की। वह पहले तुरंत जवाब दे और काम बाद में करे, फिर दोबारा कोशिश करें।
advice-tls = सुरक्षित कनेक्शन (TLS) नहीं बन सका। अपनी वेबसाइट का सर्टिफ़िकेट नया या ठीक करवाएँ, फिर दोबारा कोशिश करें।
advice-dns = Endpoint के URL का होस्ट नाम नहीं मिल रहा। URL और अपने डोमेन का DNS देखें, फिर दोबारा कोशिश करें।
advice-connection = आपके सिस्टम तक नहीं पहुँच सके, या उसने कनेक्शन काट दिया। देखें कि वह चालू है और उसका फ़ायरवॉल हमें आने देता है, फिर दोबारा कोशिश करें।
advice-protocol = जिसने जवाब दिया वह वेब सर्वर नहीं है। URL और उसका पोर्ट देखें, फिर दोबारा कोशिश करें।
advice-forbidden-address = URL किसी निजी नेटवर्क के अंदर जाता है, जहाँ हम नहीं भेजते। पब्लिक पता डालें, फिर दोबारा कोशिश करें।
advice-invalid-url = Endpoint का URL नहीं चल सकता। उसे ठीक करें, फिर दोबारा कोशिश करें।
advice-exhausted = हर कोशिश फ़ेल हुई। वजह ठीक करें, फिर दोबारा कोशिश करें।
advice-no-number = यह फ़ोन नंबर नहीं है। SMS भेजने के लिए नंबर ठीक करें।
advice-not-a-mobile = यह लैंडलाइन है या मोबाइल नंबर नहीं है, इसलिए इस पर SMS नहीं जा सकता। SMS भेजने के लिए नंबर ठीक करें।
advice-nobody-has-it = यह नंबर किसी का नहीं है। ग्राहक से उनका नंबर पूछें और ठीक करें; वही दोबारा भेजेंगे तो फिर फ़ेल होगा।
advice-blocked = यह फ़ोन या इसका नेटवर्क ऐसे SMS नहीं लेता। ग्राहक का दूसरा नंबर डालें, या उन्हें कॉल करें।
advice-unreachable = फ़ोन बंद था या नेटवर्क से बाहर था। बाद में दोबारा कोशिश करें, या ग्राहक का दूसरा नंबर डालें।
advice-network = फ़ोन के नेटवर्क ने इसे नहीं पहुँचाया और वजह नहीं बताई। एक बार दोबारा कोशिश करें; फिर फ़ेल हो तो ग्राहक का दूसरा नंबर डालें।
advice-opted-out = ग्राहक ने SMS बंद करवाए हैं। उनसे किसी और तरह बात करें; कुछ नहीं भेजा जा सकता।
advice-spam = फ़ोन के नेटवर्क ने SMS को स्पैम माना। टेम्पलेट के शब्द बदलें (लिंक और बड़े अक्षर कम), फिर दोबारा कोशिश करें।
advice-too-late = जब तक SMS ग्राहक के काम का था, तब तक फ़ोन पर नहीं पहुँच सका। अब भेजने को कुछ नहीं है।
advice-too-long = SMS बहुत लंबा है। टेम्पलेट छोटा करें, फिर दोबारा कोशिश करें।
advice-dlt-differs = टेम्पलेट भारत में रजिस्टर किए हुए टेम्पलेट (DLT) से अलग है। रजिस्टर किए हुए शब्दों पर लौटें, या नए शब्द रजिस्टर करवाएँ, फिर दोबारा कोशिश करें।
advice-dlt-missing = इस SMS के लिए भारत में कोई टेम्पलेट रजिस्टर नहीं है (DLT)। हमारी सपोर्ट टीम से रजिस्टर करवाएँ, फिर दोबारा कोशिश करें।
advice-sms-set-up = SMS पूरी तरह सेट नहीं हैं। इसे हमारी सपोर्ट टीम को ठीक करना है; उसके बाद दोबारा कोशिश करें।
advice-sms-refused = SMS सेवा ने इसे नहीं लिया और कोई साफ़ वजह नहीं बताई। दोबारा कोशिश से पहले हमारी सपोर्ट टीम से पूछें।
advice-may-have-arrived = हो सकता है SMS पहुँच गया हो, हो सकता है नहीं। ग्राहक से पूछें; दोबारा तभी भेजें जब उन्हें न मिला हो।
advice-stopped = हमारी सपोर्ट टीम ने इसे रोका। दोबारा कोशिश से पहले उनसे पूछें।
advice-our-fault = हमारी तरफ़ की गड़बड़ से यह रुका; आपके सिस्टम की कोई ग़लती नहीं। दोबारा कोशिश करें; हमें भी इसका पता है।

resolved-retried = दोबारा भेजा गया
resolved-delivered = आख़िरकार भेजा गया
resolved-discarded = हटाया गया
resolved-expired = समय निकल गया: समय पर दोबारा कोशिश नहीं हुई

answer-none = कोई जवाब नहीं
answer-http = जवाब { $status }
answer-http-phrase = जवाब { $status } ({ $phrase })
answer-timeout = समय पर जवाब नहीं आया
answer-tls = सुरक्षित कनेक्शन (TLS) नहीं बन सका
answer-connection = कनेक्शन नहीं बन सका, या कट गया
answer-dns = होस्ट का नाम नहीं मिला
answer-resolver = हमारे अपने नेम सर्वर ने जवाब नहीं दिया; यह गिना नहीं जाता
answer-protocol = जवाब सही HTTP नहीं था
answer-forbidden-address = होस्ट ऐसे पते पर जाता है जिसकी इजाज़त नहीं
answer-invalid-url = URL नहीं चल सकता
answer-our-fault = हमारी तरफ़ की गड़बड़ से रुका
answer-internal-error = हमारी तरफ़ की गड़बड़ से रुका
answer-interrupted = हमारी तरफ़ बीच में रुका; यह गिना नहीं जाता
answer-in-flight = भेजा जा रहा है
answer-other = फ़ेल ({ $code })
answer-sms-other = SMS सेवा इसे नहीं भेज सकी (कोड { $code })

answer-twilio-21211 = यह फ़ोन नंबर नहीं है
answer-twilio-21610 = ग्राहक ने SMS बंद करवाए हैं
answer-twilio-21614 = यह मोबाइल नंबर नहीं है
answer-twilio-21635 = यह लैंडलाइन है
answer-twilio-30003 = फ़ोन बंद है या नेटवर्क से बाहर
answer-twilio-30004 = फ़ोन या उसका नेटवर्क यह SMS रोकता है
answer-twilio-30005 = यह नंबर किसी का नहीं है
answer-twilio-30006 = यह लैंडलाइन है, या इसके नेटवर्क तक नहीं पहुँच सकते
answer-twilio-30007 = नेटवर्क ने SMS को स्पैम माना
answer-twilio-30008 = नेटवर्क ने इसे नहीं पहुँचाया और वजह नहीं बताई
answer-twilio-30036 = जब तक SMS काम का था, फ़ोन पर नहीं पहुँच सका
answer-twilio-unreadable = SMS के बारे में आया जवाब समझ नहीं आया
answer-restored = हो सकता है डेटाबेस रीस्टोर होने से पहले यह चला गया हो; कोई नहीं बता सकता
answer-no-news = किसी ने नहीं बताया कि पहुँचा या नहीं
answer-sms-not-configured = SMS अभी सेट नहीं हैं; हमारी सपोर्ट टीम को करना है
answer-sms-too-long = SMS बहुत लंबा है
answer-dlt-not-registered = इस SMS से कोई रजिस्टर किया हुआ टेम्पलेट (DLT) मेल नहीं खाता
answer-dlt-text-differs = SMS रजिस्टर किए हुए टेम्पलेट (DLT) से अलग है

sms-claimed = भेजा जा रहा है
sms-accepted = भेजा गया, अभी ख़बर नहीं
sms-sent = फ़ोन के नेटवर्क के पास
sms-delivered = फ़ोन पर पहुँचा
sms-undelivered = नहीं पहुँचा
sms-refused = अभी नहीं गया, फिर कोशिश होगी
sms-rejected = नहीं लिया गया
sms-unknown = हो सकता है चला गया हो

trigger-scheduled = अपने आप
trigger-manual = किसी व्यक्ति ने

health-untried = अभी कोई डेटा नहीं
health-healthy = ठीक
health-degraded = कुछ कोशिशें फ़ेल
health-failing = फ़ेल हो रहा है
health-paused = रोका हुआ
health-disabled = बंद
