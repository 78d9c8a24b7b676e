# Endpoints: हालत, कोशिशें, सेटिंग, secret, टेस्ट events और छूटे हुए events जो दोबारा भेजे जाते हैं।

endpoints-title = Endpoints
endpoints-lead = जहाँ आपके सिस्टम webhooks लेते हैं। हर event हर उस endpoint पर जाता है जिस पर उसका प्रकार चुना गया है।
endpoints-none = अभी कोई endpoint नहीं
endpoints-none-hint = वह URL जोड़ें जिस पर आपका सिस्टम webhooks लेता है।
endpoints-add = Endpoint जोड़ें
endpoints-most = { $count ->
    [one] आपके प्लान में एक ही endpoint है, और वह बन चुका है। दूसरा जोड़ने के लिए उसे हटाएँ।
   *[other] आपके प्लान के सभी { $count } endpoints बन चुके हैं। और जोड़ने के लिए एक हटाएँ।
  }
endpoints-url-hint = https, और इंटरनेट से खुलने वाला।
endpoints-try-it = टेस्ट event से जाँचें

webhooks-off-title = इस दुकान के webhooks बंद हैं
webhooks-off-text = किसी endpoint को कुछ नहीं मिलता: नए events न अभी भेजे जाते हैं, न बाद में। आगे के events भेजने के लिए webhooks चालू करें।
webhooks-off-ask-owner = किसी endpoint को कुछ नहीं मिलता: नए events न अभी भेजे जाते हैं, न बाद में। मालिक webhooks चालू कर सकते हैं।

endpoint-tab-health = हालत
endpoint-tab-attempts = कोशिशें
endpoint-tab-settings = सेटिंग
endpoint-tab-secret = Secret

endpoint-hour = सफल, पिछला घंटा
endpoint-day = सफल, पिछले 24 घंटे
endpoint-week = सफल, पिछले 7 दिन
endpoint-types = Events
endpoint-types-all = सभी
endpoint-held = रुके हुए
endpoint-dead = फ़ेल अपडेट
endpoint-no-attempts = अभी कोई डेटा नहीं
endpoint-attempts = { $count ->
    [one] एक कोशिश में से
   *[other] { $count } कोशिशों में से
  }
endpoint-within = { $span } तक
endpoint-or-more = { $span } या ज़्यादा

endpoint-webhooks-off = Webhooks बंद
endpoint-says-webhooks-off = इस दुकान के webhooks बंद हैं, इसलिए इस पर कुछ नहीं भेजा जाता।
endpoint-says-untried = इस पर अभी कुछ नहीं भेजा गया है। टेस्ट event भेजकर देखें कि क्या जवाब आता है।
endpoint-says-afresh = { $time } के बाद से, जब इसे बदला, चालू किया या ठीक किया गया, इस पर कुछ नहीं भेजा गया है। उससे पहले का अब नहीं गिना जाता।
endpoint-says-healthy = { $total ->
    [one] पिछली कोशिश सफल रही।
   *[other] पिछली सभी { $total } कोशिशें सफल रहीं।
  }
endpoint-says-some-failed = पिछली { $total } में से { $failed } कोशिशें फ़ेल हुईं, सबसे हाल की: { $answer }।
endpoint-says-failing = { $count ->
    [one] { $time } की कोशिश फ़ेल हुई: { $answer }।
   *[other] { $time } से हर कोशिश फ़ेल हुई, लगातार { $count }, सबसे हाल की: { $answer }।
  }
endpoint-says-paused = फिर चालू होने तक इस पर कुछ नहीं भेजा जाएगा। नए events रोककर रखे जाते हैं; कोई नहीं खोता।
endpoint-says-gone = इसने 410 (हमेशा के लिए बंद) जवाब दिया, इसलिए इसे बंद कर दिया गया। सही URL डालें, या ग़लती से हुआ हो तो इसे चालू करें। नए events रोककर रखे जाते हैं।
endpoint-says-given-up = इसने पाँच दिन में एक बार भी जवाब नहीं दिया, इसलिए इसे बंद कर दिया गया। इसे ठीक करें, फिर चालू करें। नए events रोककर रखे जाते हैं।
endpoint-says-disabled = इसे किसी ने बंद किया है। नए events रोककर रखे जाते हैं; कोई नहीं खोता।
endpoint-brief-healthy = इसकी पिछली कोशिशें सफल रहीं।
endpoint-brief-degraded = { $time } से इसकी कुछ कोशिशें फ़ेल हुईं।
endpoint-brief-failing = { $time } से हर कोशिश फ़ेल हुई। हम देखते रहते हैं कि यह फिर जवाब दे रहा है या नहीं।

on-hold-title = { $count } रुके हुए, कोई खोया नहीं
on-hold-reason = { $count }, क्योंकि { $why }।
on-hold-partner-paused = इस दुकान के लिए भेजना रोका हुआ है
on-hold-endpoint-off = जब वे आए तब endpoint रोका हुआ या बंद था
on-hold-endpoint-failing = endpoint ने जवाब नहीं दिया
on-hold-endpoint-busy = endpoint अपनी लिमिट पर है या उसने रुकने को कहा: ये अपने आप चले जाएँगे
on-hold-earlier-event = उसी ऑर्डर का पहले वाला event पहले जाएगा: ये अपने आप चले जाएँगे
on-hold-resume-shop = सेटिंग में भेजना फिर चालू करें
on-hold-next-check = हम फिर देखेंगे, इतने समय में:
on-hold-check-now = टेस्ट event से अभी देखें

endpoint-health = हालत
endpoint-past = सफलता और जवाब में लगा समय
endpoint-range-24h = 24 घंटे
endpoint-range-7d = 7 दिन
endpoint-success-chart = सफल कोशिशें, प्रतिशत में
endpoint-latency-chart = जवाब में लगा समय, p95
endpoint-chart-table = यही अंकों में
endpoint-begins = कब से
endpoint-attempts-made = कोशिशें
endpoint-success = सफलता
endpoint-succeeded = सफल
endpoint-failed = फ़ेल
endpoint-latency = जवाब में लगा समय
endpoint-window = समय
endpoint-timed-out = समय पर जवाब नहीं
endpoint-p50 = p50
endpoint-p95 = p95
endpoint-p99 = p99
endpoint-by-type = पिछली 500 कोशिशें, event के प्रकार से
endpoint-type = Event का प्रकार
endpoint-when = कब

attempts-answer = जवाब
attempts-any = सभी
attempts-2xx = 2xx: सफल
attempts-3xx = 3xx: redirect, जिसके पीछे हम नहीं जाते
attempts-4xx = 4xx: नहीं लिया गया
attempts-5xx = 5xx: सर्वर की गड़बड़
attempts-response-none = कोई जवाब नहीं
attempts-from = कब से
attempts-to = कब तक
attempts-filter = फ़िल्टर करें
attempts-of = Event और ऑर्डर
attempts-times = × { $count }
attempts-each = सभी { $count } अलग-अलग दिखाएँ
attempts-test = टेस्ट
attempts-none = अभी कोई कोशिश नहीं
attempts-none-wanted = इन फ़िल्टर से कोई कोशिश नहीं मिली
attempts-newest = सबसे नई
attempts-older = और पुरानी
attempts-began = शुरू ({ $zone })
attempts-response = जवाब
attempts-status = HTTP स्टेटस
attempts-duration = जवाब में लगा समय (मि॰से॰)
attempts-number = कोशिश
attempts-order = ऑर्डर
attempts-event = Event ID
attempts-reversed = “कब से” का दिन “कब तक” के बाद का है। दोनों को आपस में बदलें।
attempts-no-day = यह तारीख़ नहीं है। साल-महीना-दिन लिखें।

endpoint-switch = Webhooks लेना
endpoint-switch-on = चालू करें
endpoint-sending = Webhooks लें
endpoint-sending-means = यह बंद रहने तक नए events रोककर रखे जाते हैं और कुछ नहीं खोता। फिर चालू होने पर रुके हुए दोबारा भेजें।
done-endpoint-paused = रोक दिया गया। नए events रोककर रखे जाते हैं।
done-endpoint-on = चालू हो गया। जब तैयार हों, रुके हुए दोबारा भेजें।
done-endpoint-saved = सेव हो गया।
done-endpoint-moved = सेव हो गया। नया URL नए सिरे से शुरू होता है: टेस्ट event भेजकर देखें कि क्या जवाब आता है।
done-endpoint-moved-no-headers = सेव हो गया। नया URL नए सिरे से शुरू होता है। वह दूसरे होस्ट पर है, इसलिए आपके अपने headers हटा दिए गए: उन्हें फिर से डालें।
done-endpoint-headers-saved = आपके headers सेव हो गए।
done-endpoint-removed = हटा दिया गया।

endpoint-settings = सेटिंग
endpoint-delivery = क्रम, रफ़्तार और दोबारा भेजना
endpoint-save = सेव करें
endpoint-no-types = Event का कम से कम एक प्रकार चुनें।
endpoint-unknown-type = Event का ऐसा कोई प्रकार नहीं है।
endpoint-unknown-scenario = ऐसा कोई टेस्ट ऑर्डर नहीं है।
endpoint-field-url = URL
endpoint-field-description = नाम
endpoint-field-event-types = Event के प्रकार
endpoint-field-ordered = क्रम से भेजें
endpoint-field-auto-recover = ठीक होने पर अपने आप दोबारा भेजें
endpoint-field-rate-limit = रफ़्तार की लिमिट (प्रति सेकंड)
endpoint-field-in-flight-limit = एक साथ ज़्यादा से ज़्यादा request
endpoint-field-recovery-rate = दोबारा भेजने की रफ़्तार
endpoint-field-custom-headers = अपने headers
endpoint-url-hint = https, इंटरनेट से खुलने वाला। नया URL नए सिरे से शुरू होता है: पुराने की गड़बड़ियाँ नहीं गिनी जातीं।
endpoint-description-hint = यहाँ आप इसे क्या कहते हैं। यह भेजा नहीं जाता।
endpoint-ordered-hint = एक ऑर्डर में बाद वाला event पहले वालों के पूरा होने तक रुकता है। कोई event न लिया जाए तो उस ऑर्डर के बाक़ी events में देर होती है।
endpoint-auto-recover-hint = जवाब फिर मिलने पर, इस बीच जो रुका या फ़ेल हुआ, वह अपने आप भेजा जाता है।
endpoint-rate-limit-hint = ख़ाली: कोई लिमिट नहीं। जो इससे ज़्यादा हों, वे अपनी बारी का इंतज़ार करते हैं।
endpoint-in-flight-limit-hint = 1 से 200। जो इससे ज़्यादा हों, वे अपनी बारी का इंतज़ार करते हैं।
endpoint-recovery-rate-hint = एक सेकंड में कितने छूटे हुए events दोबारा भेजे जाएँ, 1 से 100।
endpoint-payloads = Payloads देखें
endpoint-headers-hint = { $most ->
    [one] हर request के साथ जाता है, जैसे आपका अपना पासवर्ड या टोकन। आपके प्लान में एक है। वैल्यू encrypt करके रखी जाती है और फिर नहीं दिखाई जाती।
   *[other] हर request के साथ जाते हैं, जैसे आपका अपना पासवर्ड या टोकन। आपके प्लान में { $most } हैं। वैल्यू encrypt करके रखी जाती हैं और फिर नहीं दिखाई जातीं।
  }
endpoint-headers-kept = वैल्यू वही रखनी हो तो ख़ाली छोड़ दें।
endpoint-headers-none = आपके प्लान में अपने headers नहीं जोड़े जा सकते।
endpoint-header-add = Header जोड़ें
endpoint-header-name = Header
endpoint-header-value = वैल्यू
endpoint-header-drop = हटाएँ
endpoint-headers-save = Headers सेव करें

endpoint-secret = सिग्नेचर का secret
endpoint-secret-hint = इससे आपका सिस्टम जाँचता है कि webhook हमारी तरफ़ से है। यह बनते समय एक ही बार दिखाया जाता है। खो गया हो तो बदल दें।
endpoint-secret-newest = अभी का secret
endpoint-secret-since = कब से चालू:
endpoint-secret-older = पुराना secret
endpoint-secret-until = यह भी चालू, कब तक:
endpoint-secret-two = पिछली बार बदला गया पुराना secret अभी चालू है। उसके ख़त्म होने तक रुकें, या तुरंत बदलें, जिससे दोनों ख़त्म हो जाएँगे।
endpoint-rotate = Secret बदलें
endpoint-rotate-at-once = तुरंत बदलें
endpoint-rotate-at-once-ask = नया secret बनाएँ और पुराना अभी ख़त्म करें? जब तक आपके सिस्टम को नया न मिले, वह webhooks नहीं लेगा।
endpoint-secret-new = Endpoint जुड़ गया। यह उसका secret है: अभी कॉपी करें, फिर नहीं दिखाया जाएगा।
endpoint-secret-rotated = नया secret: अभी कॉपी करें, फिर नहीं दिखाया जाएगा। 24 घंटे तक पुराने से भी सिग्नेचर होता रहेगा।
endpoint-secret-at-once = नया secret: अभी कॉपी करें, फिर नहीं दिखाया जाएगा। पुराना ख़त्म हो गया।

verify-title = जाँचें
verify-means = अभी का secret अपने सिस्टम में डालें, फिर टेस्ट event भेजें। टेस्ट events पर सिर्फ़ अभी के secret का सिग्नेचर होता है, इसलिए 2xx जवाब का मतलब है कि आपका सिस्टम उसे मानता है।
verify-send = टेस्ट event भेजें
verify-done = जाँच हो गई: आपके सिस्टम ने सिर्फ़ अभी के secret वाला webhook लिया।
verify-failed = जाँच नहीं हुई: आपके सिस्टम ने टेस्ट event नहीं लिया। असली events पर पुराने secret का सिग्नेचर उसके ख़त्म होने तक होता रहेगा।

receivers-title = अपने कोड में सिग्नेचर जाँचें
receivers-hint = पूरे प्रोग्राम: WEBHOOK_SECRET और PORT डालें, और एक चलाएँ।

endpoint-remove = हटाएँ
endpoint-remove-more = यह endpoint हटाएँ
endpoint-remove-hint = जो इसके रास्ते में है या रुका है, वह रद्द हो जाएगा और नहीं भेजा जाएगा। इसके फ़ेल अपडेट समय निकलने तक रहेंगे। हटाया हुआ endpoint वापस नहीं लाया जा सकता।
endpoint-remove-for-good = Endpoint हटाएँ
endpoint-remove-ask = { $name } को हटाएँ? इसके लिए जो रुका है, वह नहीं भेजा जाएगा।

endpoint-test = टेस्ट करें
endpoint-test-hint = टेस्ट events सिर्फ़ इसी endpoint पर जाते हैं, और इसके किसी आँकड़े में नहीं गिने जाते।
test-send = टेस्ट event भेजें
test-type = टेस्ट event का प्रकार
test-send-order = टेस्ट ऑर्डर भेजें
test-scenario = टेस्ट ऑर्डर का क्या हो
test-refused = जब तक endpoint या दुकान का भेजना रोका हुआ है, कुछ टेस्ट नहीं हो सकता। पहले उसे फिर चालू करें।
scenario-delivered = डिलीवर हुआ
scenario-cash-on-delivery = COD, पैसे दिए गए
scenario-failed-then-delivered = एक बार नहीं हुआ, फिर डिलीवर हुआ
scenario-returned-to-origin = दो बार नहीं हुआ, वापस जाएगा
scenario-customer-return = डिलीवर हुआ, फिर वापस किया गया
test-title = टेस्ट event: { $type }
test-on-its-way = भेजा जा रहा है
test-next = अगली कोशिश, इतने समय में:
test-attempt = कोशिश { $number }
test-answer = जवाब में क्या आया
test-hint = अपने आप ताज़ा हो रहा है।
test-apart = यह टेस्ट किसी आँकड़े में नहीं गिना जाता।
test-gone = इसने 410 (हमेशा के लिए बंद) जवाब दिया। असली event पर ऐसा जवाब endpoint को बंद कर देता; टेस्ट event से ऐसा नहीं होता।
test-event = पूरा event देखें

recover-title = छूटे हुए events दोबारा भेजें
recover-lead = इस endpoint के लिए जो रुका या फ़ेल हुआ, वह दोबारा भेजा जाता है: सबसे पुराना पहले, और एक ऑर्डर में एक के बाद एक।
recover-link = छूटे हुए events दोबारा भेजें
recover-choose = चुनें कि क्या दोबारा भेजना है
recover-states = दोबारा भेजें
recover-state-held = रुके हुए
recover-state-dead-lettered = फ़ेल
recover-state-delivered = जो भेजे जा चुके, वे भी
recover-types = Event के प्रकार
recover-days = कब से
recover-days-all = सबसे पुराने से
recover-days-back = { $count ->
    [one] एक दिन पहले से
   *[other] { $count } दिन पहले से
  }
recover-count = गिनें
recover-found = { $count ->
    [0] दोबारा भेजने को कुछ नहीं
    [one] दोबारा भेजने को एक event
   *[other] दोबारा भेजने को { $count } events
  }
recover-nothing = इन विकल्पों में न कुछ रुका है, न कुछ फ़ेल हुआ।
recover-oldest = सबसे पुराना
recover-newest = सबसे नया
recover-pace = दोबारा भेजने की रफ़्तार
recover-pace-of = { $rate } प्रति सेकंड: ठीक जवाब मिले तो लगभग { $span }
recover-hint = अभी कुछ भेजा नहीं गया है। Endpoint फिर फ़ेल हो तो यह अपने आप रुक जाता है, और आप इसे रोक भी सकते हैं।
recover-start = { $count ->
    [one] उसे दोबारा भेजें
   *[other] { $count } दोबारा भेजें
  }
recover-not-paused = इस दुकान के लिए भेजना रोका हुआ है। पहले सेटिंग में उसे फिर चालू करें।
recover-not-off = यह endpoint रोका हुआ या बंद है। पहले उसे चालू करें।
recover-not-failing = यह endpoint जवाब नहीं दे रहा। पहले टेस्ट event भेजें: उसके लिए जाने के बाद दोबारा भेजना शुरू हो सकता है।
recover-to-settings = सेटिंग
recover-to-endpoint = Endpoint पर वापस

recovery-running = चल रहा है
recovery-done = पूरा
recovery-stopped = रुक गया
recovery-cancelled = रोका गया
recovery-running-title = छूटे हुए events दोबारा भेजे जा रहे हैं
recovery-done-title = सब दोबारा भेज दिए गए
recovery-stopped-title = दोबारा भेजना रुक गया
recovery-cancelled-title = दोबारा भेजना रोक दिया गया
recovery-see = देखें कहाँ तक पहुँचा
recovery-reason = यह रुक गया, क्योंकि { $reason }। उसे ठीक करें, फिर बाक़ी दोबारा भेजें।
recovery-stops-removed = endpoint हटा दिया गया
recovery-stops-paused = इस दुकान के लिए भेजना रोका हुआ है
recovery-stops-fails = endpoint फिर फ़ेल हो रहा है
recovery-stops-off = endpoint रोका हुआ या बंद है
recovery-asked = { $found } में से { $asked } दोबारा भेजे गए
recovery-automatic = अपने आप
recovery-begun = कब शुरू हुआ
recovery-of = इनमें से
recovery-finished = कब ख़त्म हुआ
recovery-cancel = रोकें
recovery-cancel-ask = दोबारा भेजना रोकें? जो रास्ते में है, वह चलता रहेगा।
recovery-hint = अपने आप ताज़ा हो रहा है। आप यह पेज छोड़ दें तब भी चलता रहेगा।
recovery-failed-next = देखें कि फिर क्या फ़ेल हुआ
done-recovery-cancelled = रोक दिया गया। जो रास्ते में था, वह चलता रहेगा।
done-recovery-runs = छूटे हुए events पहले से दोबारा भेजे जा रहे हैं।
