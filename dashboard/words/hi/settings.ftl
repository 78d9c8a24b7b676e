# दुकान की सेटिंग।

settings-title = सेटिंग
settings-save = सेव करें
settings-about = दुकान
settings-name = नाम
settings-name-hint = ग्राहक इसे हर SMS के शुरू में पढ़ते हैं।
settings-zone = टाइम ज़ोन
settings-other-zone = कोई और टाइम ज़ोन
settings-other-zone-name = उसका नाम
settings-other-zone-hint = जैसे Asia/Tashkent। ऊपर वाला रखना हो तो ख़ाली छोड़ दें।
settings-now = वहाँ अभी का समय:

settings-deliveries = भेजना
settings-sending = अपडेट भेजें
settings-pause-means = यह बंद रहने तक न कोई webhook जाता है, न कोई SMS। नए अपडेट रोककर रखे जाते हैं और कुछ नहीं खोता; जो SMS इतनी देर के हो जाएँ कि काम के न रहें, वे छोड़ दिए जाते हैं।
settings-pause-ask = इस दुकान के सभी webhooks और SMS रोकें?
settings-paused-since = कब से रोका हुआ
settings-resume-means = नए अपडेट रोककर रखे जाते हैं और कुछ नहीं खोता। इसे चालू करते ही नए अपडेट तुरंत जाने लगेंगे। जो रुके हैं, वे तब तक रुके रहेंगे जब तक आप उन्हें endpoint या ऑर्डर के पेज से दोबारा न भेजें।

settings-channels = चैनल
settings-webhooks = Webhooks
settings-webhooks-mean = Webhooks चालू हों तो हर event आपके endpoints पर भेजा जाता है। बंद हों तो नए events किसी पर नहीं भेजे जाते, न अभी, न बाद में।
settings-to-endpoints = Endpoints देखें
settings-webhooks-off-ask = Webhooks बंद करें? उस समय के events बाद में आपके endpoints पर नहीं भेजे जाएँगे।
settings-texts-elsewhere = ग्राहकों के SMS का अपना पेज है:

settings-of-ops = हमारी सपोर्ट टीम तय करती है
settings-of-ops-show = प्लान, लिमिट और सेंडर ID
settings-of-ops-hint = इन्हें बदलने के लिए हमारी सपोर्ट टीम से कहें।
settings-id = दुकान की ID
settings-retention = Payload और निजी डेटा कितने दिन रखा जाता है
settings-days = { $days ->
    [one] एक दिन
   *[other] { $days } दिन
  }
settings-ours = जैसा हर दुकान के लिए
settings-cap = { $cap ->
    [one] एक दिन में एक SMS
   *[other] एक दिन में { $cap } SMS
  }
settings-sms-daily-cap = एक दिन में SMS की लिमिट
settings-sms-sender = सेंडर ID
settings-empty-is-ours = ख़ाली: जैसा हर दुकान के लिए।
settings-sender-hint = कोई नंबर, रजिस्टर किया हुआ हेडर या मैसेजिंग सर्विस (MG…)। ख़ाली: हमारा अपना।

settings-fault-name = दुकान का नाम 500 अक्षर के अंदर लिखें।
settings-fault-time-zone = ऐसा कोई टाइम ज़ोन नहीं है। Asia/Kolkata की तरह लिखें।
settings-fault-tier = प्लान में से एक चुनें।
settings-fault-retention-days = डेटा 1 से 3650 दिन रखें, या ख़ाली छोड़ दें।
settings-fault-sms-daily-cap = एक दिन में 1 से 1000000 SMS रखें, या ख़ाली छोड़ दें।
settings-fault-sms-sender = सेंडर कोई नंबर हो, 3 से 11 अक्षरों और अंकों का हेडर, या मैसेजिंग सर्विस (MG…)।

done-settings-saved = सेव हो गया।
done-settings-paused = रोक दिया गया। नए अपडेट रोककर रखे जाते हैं; कोई नहीं खोता।
done-settings-resumed = फिर चालू: नए अपडेट तुरंत जाते हैं। जो रुके थे, वे दोबारा भेजे जाने तक रुके रहेंगे।
done-webhooks-on = Webhooks चालू हैं: नए events आपके endpoints पर भेजे जाते हैं।
done-webhooks-off = Webhooks बंद हैं: नए events किसी endpoint पर नहीं भेजे जाते।
