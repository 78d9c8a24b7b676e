# फ़ेल हुए अपडेट: सूची, एक साथ कई की दोबारा कोशिश, और हटाना।

letters-title = फ़ेल अपडेट
letters-lead = जो नहीं भेजा जा सका, वह यहाँ 14 दिन रहता है। वजह ठीक करें, फिर दोबारा कोशिश करें: जब तक आप न हटाएँ, कुछ नहीं खोता।
letters-shown = दिखाएँ
letters-shown-open = फ़ेल
letters-shown-closed = दोबारा भेजे और हटाए गए
letters-shown-tests = फ़ेल टेस्ट
letters-endpoint = Endpoint
letters-channel = चैनल
letters-type = अपडेट
letters-reason = वजह
letters-any = कोई भी
letters-since = कब से
letters-until = कब तक
letters-filter = फ़िल्टर करें
letters-filters = फ़िल्टर
letters-filters-more = और फ़िल्टर
letters-when = कब
letters-when-any = कभी भी
letters-when-night = पिछली रात
letters-when-today = आज
letters-when-yesterday = कल
letters-when-week = पिछले 7 दिन
retries-look-again = फिर से देखें


letters-reason-exhausted = हर कोशिश फ़ेल हुई
letters-reason-gone = Endpoint अब नहीं रहा
letters-reason-rejected = SMS नहीं लिया गया
letters-reason-unknown = हो सकता है SMS चला गया हो
letters-reason-cancelled-by-ops = हमारी सपोर्ट टीम ने रोका
letters-reason-our-fault = हमारी तरफ़ की गड़बड़ से रुका

letters-on-hold = { $count ->
    [one] एक अपडेट रुका हुआ है
   *[other] { $count } अपडेट रुके हुए हैं
  }
letters-on-hold-one = { $count }: { $why }
letters-on-hold-see = देखें कौन से

letters-order = ऑर्डर और अपडेट
letters-closed = कैसे बंद हुआ
letters-why = क्यों, और क्या करें
letters-since-when = कब से
letters-age = { $span } पहले
letters-endpoint-removed = एक endpoint जो हटा दिया गया
letters-tick = ऑर्डर { $order } चुनें
letters-tick-all = इस पेज के सभी चुनें
letters-retry = दोबारा कोशिश करें
letters-send-once-more = दोबारा भेजें
letters-correct = नंबर ठीक करें
letters-retry-order = ऑर्डर { $order } की दोबारा कोशिश करें
letters-correct-order = ऑर्डर { $order } का नंबर ठीक करें
letters-retry-ticked = चुने हुए की दोबारा कोशिश करें
letters-retry-all = { $count ->
    [1000] सबकी दोबारा कोशिश करें (999 से ज़्यादा)
   *[other] सबकी दोबारा कोशिश करें ({ $count })
  }
letters-left-out = { $count ->
    [one] इनमें से एक की दोबारा कोशिश बाक़ी के साथ नहीं होती: हो सकता है वह चला गया हो, या फिर फ़ेल होगा। नीचे देखें कि क्या करना है।
   *[other] इनमें से { $count } की दोबारा कोशिश बाक़ी के साथ नहीं होती: हो सकता है वे चले गए हों, या फिर फ़ेल होंगे। नीचे देखें कि क्या करना है।
  }
letters-none = कुछ भी फ़ेल नहीं हुआ: जो भी अपडेट भेजने थे, सब चले गए।
letters-none-failed = कुछ भी फ़ेल नहीं हुआ।
letters-none-tests = कोई टेस्ट फ़ेल नहीं हुआ।
letters-all-on-their-way = यहाँ जो भी था, सब दोबारा भेजा गया है।
letters-none-match = इन फ़िल्टर से कुछ नहीं मिला।
letters-none-ticked = पहले एक या ज़्यादा चुनें।
letters-nothing-matches = अब कुछ नहीं मिला: हो सकता है किसी ने पहले ही दोबारा कोशिश कर दी हो।
letters-refused = { $count ->
    [one] एक को दोबारा नहीं भेजा जा सका।
   *[other] { $count } को दोबारा नहीं भेजा जा सका।
  }
letters-refused-why = { $count ->
    [one] { $why }
   *[other] इनमें से { $count }: { $why }
  }

refused-erased = ग्राहक का डेटा मिटा दिया गया है; अब कुछ नहीं भेजा जा सकता।
refused-too-late = SMS बहुत देर से पहुँचेगा, या ऑर्डर आगे बढ़ चुका है।
refused-paused = भेजना रोका हुआ है। पहले सेटिंग में उसे फिर चालू करें।
refused-already-sent = यह पहले ही भेजा जा चुका है।
refused-ended = यह हटा दिया गया है या इसका समय निकल गया, अब नहीं भेजा जा सकता।
refused-closed = इसकी दोबारा कोशिश हो चुकी है या इसे हटा दिया गया है।
refused-endpoint-removed = इसका endpoint हटा दिया गया है; अब वहाँ कुछ नहीं भेजा जा सकता।
refused-endpoint-off = इसका endpoint बंद है। पहले उसे चालू करें।
refused-may-have-arrived = हो सकता है SMS चला गया हो। ग्राहक से पूछें; फिर उसकी लाइन में “दोबारा भेजें” दबाएँ।
refused-sent-too-often = यह SMS उतनी बार भेजा जा चुका है जितनी बार भेज सकते हैं।
refused-no-use = वही दोबारा भेजेंगे तो फिर फ़ेल होगा। उसकी लाइन में लिखा है कि क्या करना है।
refused-not-taken = इसे अभी आगे नहीं भेजा जा सका। कुछ खोया नहीं है: थोड़ी देर में फिर कोशिश करें।

letters-discard-title = चुने हुए हटाएँ
letters-discard-hint = ये फिर कभी नहीं भेजे जाएँगे, और इन्हें वापस नहीं लाया जा सकता। वजह एक्टिविटी लॉग में रहती है; उसमें ग्राहक के बारे में कुछ न लिखें।
letters-discard-reason = वजह
letters-discard = चुने हुए हटाएँ
letters-reason-missing = कुछ शब्दों में लिखें कि इन्हें क्यों हटाया जा रहा है।
done-letters-discarded = हटा दिए गए।

retries-under-way = { $count ->
    [one] एक को दोबारा भेजा जा रहा है
   *[other] { $count } को दोबारा भेजा जा रहा है
  }
retries-over = { $count ->
    [one] दोबारा कोशिश पूरी हुई
   *[other] सभी { $count } दोबारा कोशिशें पूरी हुईं
  }
retries-ended = { $count } में से { $ended } पूरी
retries-delivered = { $count } भेजे गए
retries-on-their-way = { $count } रास्ते में
retries-waiting = { $count ->
    [one] एक अपने endpoint के लिए रुका है
   *[other] { $count } अपने endpoint के लिए रुके हैं
  }
retries-waiting-why = फ़ेल हो रहे endpoint को हम देखते रहते हैं। जवाब मिलते ही रुके हुए अपडेट चले जाते हैं।
retries-failed = { $count } फिर फ़ेल हुए
retries-failed-next = जो फिर फ़ेल हुए, वे नीचे सूची में नए जवाब के साथ हैं। अगली कोशिश से पहले उसे ठीक करें।
retries-closed = { $count } इस बीच बंद हुए
retries-hint = यह अपने आप ताज़ा होता रहता है। फ़ेल कोशिशें 30 सेकंड, 2 मिनट और 8 मिनट बाद फिर होती हैं, इसलिए समय लग सकता है; आप यह पेज छोड़ सकते हैं।
retries-left = { $count ->
    [one] एक और मिला। उसके लिए “सबकी दोबारा कोशिश करें” फिर दबाएँ।
   *[other] { $count } और मिले। अगलों के लिए “सबकी दोबारा कोशिश करें” फिर दबाएँ।
  }
retries-close = इसे बंद करें और सूची दिखाएँ
