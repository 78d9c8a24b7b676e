# लोगों को क्या बताया जाता है: हर तरह की सूचना, किसे क्या चाहिए, और क्या भेजा गया।

notification-endpoint-failing = Endpoint काम नहीं कर रहा
notification-means-endpoint-failing = आपके सिस्टम ने हमारे भेजे अपडेट लेना बंद कर दिया; अपडेट रुके हुए हैं।
notification-endpoint-recovered = Endpoint फिर काम कर रहा है
notification-means-endpoint-recovered = वह दस मिनट से फिर जवाब दे रहा है। यह उन्हीं को बताया जाता है जिन्हें ख़राबी बताई गई थी।
notification-endpoint-disabled-soon = Endpoint 24 घंटे में बंद हो जाएगा
notification-means-endpoint-disabled-soon = वह चार दिन से काम नहीं कर रहा। पाँच दिन बाद उसे बंद कर दिया जाता है।
notification-endpoint-disabled = Endpoint बंद कर दिया गया
notification-means-endpoint-disabled = जब तक कोई उसे फिर चालू न करे, वहाँ कुछ नहीं भेजा जाता।
notification-failed-deliveries = फ़ेल अपडेट रुके हैं
notification-means-failed-deliveries = दिन में ज़्यादा से ज़्यादा एक बार, जब तक फ़ेल अपडेट पड़े हों और किसी ने उन्हें दोबारा न भेजा या हटाया हो।
notification-sms-suspended = SMS रोक दिए गए हैं
notification-means-sms-suspended = जब तक रोक है, किसी ग्राहक को SMS नहीं जाता।
notification-instructions-unanswered = डिलीवर नहीं हुए पार्सल जवाब के इंतज़ार में हैं
notification-means-instructions-unanswered = किसी ने नहीं बताया कि उनका क्या करना है: न ग्राहक ने, न आपने।
notification-weekly-outcomes = हफ़्ते के आँकड़े
notification-means-weekly-outcomes = सोमवार सुबह: क्या पहुँचा, क्या फ़ेल हुआ, और उससे पहले का हफ़्ता।
notification-invitation = न्योता
notification-password-reset = नया पासवर्ड माँगा गया
notification-password-changed = पासवर्ड बदला गया
notification-role-changed = भूमिका बदली गई
notification-key-changed = API key बनाई या बंद की गई
notification-endpoint-url-changed = Endpoint का URL बदला गया
notification-contact-phone-changed = संपर्क नंबर बदला गया
notification-second-factor-changed = दो चरण वाला साइन इन बदला गया

notification-choices-title = हम आपको क्या बताते हैं
notification-choices-lead = ईमेल से, सिर्फ़ आपको। बदलते ही सेव हो जाता है; दूसरे अपने लिए ख़ुद चुनते हैं।
notification-choices-member = दुकान के बारे में ईमेल सदस्यों को नहीं, मालिकों को जाते हैं।
notification-choices-portal = आप मर्चेंट पोर्टल से आए हैं, इसलिए हमारे पास आपका कोई पता नहीं है।
notification-choices-account = आपके अकाउंट के बदलाव, जैसे नया पासवर्ड, हमेशा ईमेल से बताए जाते हैं।
done-notification-on = अब से हम आपको यह बताएँगे।
done-notification-off = अब हम आपको यह नहीं बताएँगे।

told-title = सूचनाएँ
told-lead = हमने किसे क्या बताया, ईमेल, SMS और webhook से, और वह पहुँचा या नहीं।
told-lead-ops = Doorstep ने किसे क्या बताया, ईमेल, SMS और webhook से, और वह पहुँचा या नहीं।
told-to-choices = चुनें कि हम आपको क्या बताएँ
told-when = कब
told-what = क्या
told-partner = दुकान
told-whom = किसे
told-outcome = उसका क्या हुआ
told-of-ops = सपोर्ट टीम
told-none = अभी किसी को कुछ नहीं बताया गया
told-none-hint = जब कोई endpoint काम न करे या कोई काम किसी के इंतज़ार में हो, तो यहाँ दिखेगा कि किसे बताया गया।
told-more = { $count ->
    [one] और एक
   *[other] और { $count }
  }
told-count = { $count ->
    [one] कुल एक
   *[other] कुल { $count }
  }
told-left-out = तब तक बात ख़त्म हो चुकी थी, इसलिए नहीं बताया गया।
told-until = जाएगा
told-channel-email = ईमेल
told-channel-sms = SMS
told-channel-ops-webhook = Webhook
told-channel-partner-webhook = Webhook
told-to-email = कोई
told-to-sms = संपर्क नंबर
told-to-ops-webhook = सपोर्ट टीम
told-to-partner-webhook = आपका सूचना webhook
told-state-all = सभी
told-state-not-told = नहीं पहुँचा
told-state-waiting = इंतज़ार में
told-state-sent = भेजा गया
told-state-skipped = छोड़ा गया
told-state-failed = फ़ेल
told-state-refused = नहीं लिया गया
told-state-unknown = साफ़ नहीं
told-means-waiting = रास्ते में है, या फिर कोशिश होगी।
told-means-sent = सामने वाले ने ले लिया है।
told-means-skipped = जान-बूझकर कुछ नहीं भेजा गया।
told-means-failed = हर कोशिश फ़ेल हुई, और किसी को पता नहीं चला।
told-means-refused = सामने वाला इसे कभी नहीं लेगा।
told-means-unknown = हो सकता है भेजा जा चुका हो, इसलिए दोबारा नहीं भेजा जाता।
told-filters = कौन सी सूचनाएँ
told-partner-id = दुकान की ID
told-how = कैसे
told-any = कोई भी
told-filter = दिखाएँ

notification-webhook-title = सूचना webhook
notification-webhook-lead = आपके अपने प्रोग्रामों के लिए: जो मालिकों को ईमेल से बताया जाता है, वह हम इस URL पर भी भेजते हैं, हर webhook की तरह सिग्नेचर के साथ।
notification-webhook-where = हम कहाँ भेजते हैं
notification-webhook-since = कब से लागू
notification-webhook-url-hint = जैसे आपके अलर्ट वाले टूल का URL। https ज़रूरी है।
notification-webhook-save = URL सेव करें
notification-webhook-replace = नए secret के साथ सेव करें
notification-webhook-ask = यह URL सेव करें? इसे नया secret मिलेगा, और पिछला तुरंत ख़त्म हो जाएगा।
notification-webhook-secret = जो हम भेजते हैं, उस पर इसी secret से सिग्नेचर होता है। यह सिर्फ़ अभी दिख रहा है; इसे endpoint की तरह ही जाँचें।
notification-webhook-remove = हटाएँ
notification-webhook-remove-ask = अब वहाँ कुछ न भेजें?
notification-webhook-posted = क्या भेजा जाता है
done-notification-webhook-removed = अब वहाँ कुछ नहीं भेजा जाता।
