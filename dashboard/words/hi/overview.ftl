# दुकान का पहला पेज: सब ठीक है या नहीं, और क्या करना है।

figure-percent = { $percent } %
figure-more = { $most } से ज़्यादा

overview-title = ओवरव्यू
overview-lead = समय टाइम ज़ोन { $zone } के हिसाब से है। यह पेज अपने आप ताज़ा होता रहता है।
overview-days-1 = आज
overview-days-7 = 7 दिन
overview-days-30 = 30 दिन
overview-days-90 = 90 दिन
overview-figures = आँकड़ों में
overview-compared-1 = कल इसी समय तक के मुक़ाबले।
overview-compared = आज और पिछले { $before } दिन, उनसे पहले के { $days } दिनों के मुक़ाबले।

banner-an-endpoint = एक endpoint
banner-none = सब ठीक है: न कुछ फ़ेल हुआ, न कुछ रुका है।
banner-paused = { $held ->
    [0] भेजना रोका हुआ है। नए अपडेट रोककर रखे जाते हैं।
    [one] भेजना रोका हुआ है। एक अपडेट रुका है।
   *[other] भेजना रोका हुआ है। { $shown } अपडेट रुके हैं।
  }
banner-resume = भेजना फिर चालू करें
banner-nothing-is-sent = कुछ नहीं भेजा जा रहा: webhooks और SMS दोनों बंद हैं।
banner-nothing-is-sent-do = SMS चालू करें
banner-endpoint-failing = { $where } ठीक से जवाब नहीं दे रहा।
banner-endpoint-failing-do = देखें क्या जवाब आता है
banner-endpoint-failing-text = { $failed ->
    [0] { $held ->
        [0] हम देखते रहते हैं; कुछ खोया नहीं है।
        [one] एक अपडेट रुका है और जवाब मिलते ही अपने आप चला जाएगा। कुछ खोया नहीं है।
       *[other] { $shown } अपडेट रुके हैं और जवाब मिलते ही अपने आप चले जाएँगे। कुछ खोया नहीं है।
      }
   *[other] { $held ->
        [0] { $failed } फ़ेल हुए। जवाब मिलने लगे, तब दोबारा कोशिश करें।
        [one] एक अपडेट रुका है और जवाब मिलते ही अपने आप चला जाएगा; { $failed } फ़ेल हुए।
       *[other] { $shown } अपडेट रुके हैं और जवाब मिलते ही अपने आप चले जाएँगे; { $failed } फ़ेल हुए।
      }
  }
banner-endpoint-off = { $where } बंद है।
banner-endpoint-off-do = उसे चालू करें
banner-endpoint-off-text = { $failed ->
    [0] { $held ->
        [0] जब तक कोई उसे चालू न करे, वहाँ कुछ नहीं भेजा जाएगा।
        [one] जब तक कोई उसे चालू न करे, एक अपडेट रुका रहेगा।
       *[other] जब तक कोई उसे चालू न करे, { $shown } अपडेट रुके रहेंगे।
      }
   *[other] { $held ->
        [0] { $failed } फ़ेल हुए। उसके चालू होने पर दोबारा कोशिश करें।
       *[other] { $shown } रुके हैं, { $failed } फ़ेल हुए।
      }
  }
banner-failed = { $failed ->
    [one] एक अपडेट फ़ेल हुआ।
   *[other] { $failed } अपडेट फ़ेल हुए।
  }
banner-failed-do = वजह देखें और दोबारा कोशिश करें
banner-unprocessed = { $unprocessed ->
    [one] एक अपडेट प्रोसेस नहीं हो सका। हमारी सपोर्ट टीम इसे देख रही है।
   *[other] { $unprocessed } अपडेट प्रोसेस नहीं हो सके। हमारी सपोर्ट टीम इन्हें देख रही है।
  }
banner-sms-stopped = { $held ->
    [one] SMS अभी रुके हुए हैं: एक इंतज़ार में है।
   *[other] SMS अभी रुके हुए हैं: { $shown } इंतज़ार में हैं।
  }
banner-sms-stopped-do = वजह देखें
banner-daily-cap = { $held ->
    [one] आज के SMS की लिमिट पूरी हो गई: एक कल जाएगा।
   *[other] आज के SMS की लिमिट पूरी हो गई: { $shown } कल जाएँगे।
  }
banner-daily-cap-do = SMS देखें
banner-late = { $late ->
    [one] एक अपडेट भेजने में हमेशा से ज़्यादा समय लग रहा है।
   *[other] { $late } अपडेट भेजने में हमेशा से ज़्यादा समय लग रहा है।
  }
banner-late-do = देखें कौन से
banner-endpoint-flaky = { $where } को भेजी कुछ request फ़ेल हो रही हैं। उनकी दोबारा कोशिश अपने आप होती है।
banner-endpoint-flaky-do = उसके जवाब देखें
banner-in-line = { $held ->
    [one] एक अपडेट अपनी बारी के इंतज़ार में है और अपने आप चला जाएगा।
   *[other] { $shown } अपडेट अपनी बारी के इंतज़ार में हैं और अपने आप चले जाएँगे।
  }
banner-in-line-do = देखें कौन से
banner-also-failed = { $failed ->
    [one] एक अपडेट फ़ेल भी हुआ।
   *[other] { $failed } अपडेट फ़ेल भी हुए।
  }
banner-also-held = { $held ->
    [one] एक और रुका है।
   *[other] { $held } और रुके हैं।
  }

overview-sent = भेजे गए अपडेट
overview-sent-hint = भेजे गए webhooks और SMS। प्रतिशत उनका है जो अब तक चले जाने चाहिए थे; जिनकी ज़रूरत नहीं थी, वे किसी में नहीं हैं।
overview-share = { $due } में से { $share }
overview-failed = फ़ेल अपडेट
overview-failed-hint = हर कोशिश फ़ेल हुई, या SMS नहीं लिया गया। वजह देखें, ठीक करें और दोबारा कोशिश करें।
overview-held = रुके हुए
overview-held-hint = ये किसी चीज़ के इंतज़ार में हैं, खोए नहीं हैं: देखें किसके।
overview-queued = { $count } कतार में
overview-not-sent = नहीं भेजे गए
overview-not-sent-hint = अपडेट जो फ़ेल हुए, हटाए गए या जिनका समय निकल गया।
overview-out = डिलीवरी के लिए निकले पार्सल
overview-out-hint = ये आज निकले और अभी तक न पहुँचे हैं, न इनकी डिलीवरी नाकाम हुई है।
overview-delivered = डिलीवर हुए पार्सल
overview-delivered-hint = ऑर्डर जिनके बारे में हमें बताया गया कि पार्सल डिलीवर हो गया।
overview-to-answer = डिलीवर नहीं हुए पार्सल, जिन पर जवाब देना है
overview-to-answer-hint = डिलीवरी नहीं हुई, और अभी किसी ने नहीं बताया कि पार्सल का क्या करना है।
overview-attempts = डिलीवरी की नाकाम कोशिशें
overview-attempts-hint = कितनी बार राइडर पार्सल नहीं दे सका।
overview-not-needed = { $count ->
    [one] एक अपडेट की ज़रूरत नहीं थी:
   *[other] { $count } अपडेट की ज़रूरत नहीं थी:
  }
overview-not-needed-total = { $count ->
    [one] एक अपडेट की ज़रूरत नहीं थी।
   *[other] { $count } अपडेट की ज़रूरत नहीं थी।
  }
overview-not-needed-one = { $why } { $count }

overview-endpoints = Endpoints
overview-endpoint-open = Endpoint खोलें
overview-no-endpoint = अभी कोई endpoint नहीं है। उसके बनते ही webhooks जाने लगेंगे।
overview-add-endpoint = Endpoint जोड़ें
overview-unused = इस्तेमाल में नहीं
overview-unused-why = इस दुकान के webhooks बंद हैं: इस endpoint पर कुछ नहीं भेजा जाता।
overview-unused-see = सेटिंग में webhooks चालू करें
overview-unused-paused = रोका हुआ
overview-unused-paused-why = इस दुकान के लिए भेजना रोका हुआ है: फिर चालू होने तक इस endpoint पर कुछ नहीं भेजा जाएगा।
overview-texts = ग्राहकों को SMS
overview-texts-on = SMS चालू हैं: ग्राहकों को पार्सल की ख़बर SMS से मिलती है।
overview-texts-fallback = SMS तभी जाता है जब webhook न पहुँच सका हो।
overview-texts-paused = SMS चालू हैं, पर भेजना रोका हुआ है: फिर चालू होने तक किसी ग्राहक को SMS नहीं जाएगा।
overview-texts-see = SMS देखें
overview-times = आज के आधे अपडेट { $p50 } में चले गए, 95 % { $p95 } में (पिछले { $count } में से)।

overview-chart-hours = आज के अपडेट, हर घंटे
overview-chart-days = अपडेट, हर दिन
overview-chart-hint = हर अपडेट जिस समय बना, वहीं गिना गया है, अपनी अभी की स्थिति में। किसी पट्टी से उसकी सूची खुलती है।
overview-chart-none = इस समय में कोई अपडेट नहीं था।
overview-chart-table = यही अंकों में
overview-part = कब
overview-bar-sent = भेजे गए
overview-bar-failed = नहीं भेजे गए
overview-bar-waiting = रुके या कतार में
overview-bar-not-needed = ज़रूरत नहीं थी

overview-last = सबसे नए अपडेट
overview-last-all = सभी ऑर्डर
overview-last-none = अभी कोई अपडेट नहीं आया। पहला आपके पहले ऑर्डर के साथ आएगा।
overview-event-when = कब मिला
overview-event-order = ऑर्डर
overview-event-type = क्या हुआ
overview-event-state = अपडेट
overview-test = टेस्ट

