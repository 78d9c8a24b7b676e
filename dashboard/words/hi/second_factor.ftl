# साइन इन का दूसरा चरण, रिकवरी कोड, और कौन कहाँ साइन इन है।

code-title = अपना कोड लिखें
code-lead = आपका ऑथेंटिकेटर ऐप छह अंक दिखाता है, और हर 30 सेकंड में नए।
code-lead-recovery = हर रिकवरी कोड एक ही बार चलता है, ऑथेंटिकेटर ऐप की जगह।
code = ऑथेंटिकेटर ऐप का कोड
code-recovery = रिकवरी कोड
code-either = ऐप का कोड, या कोई रिकवरी कोड
code-by-recovery = रिकवरी कोड इस्तेमाल करें
code-by-app = ऑथेंटिकेटर ऐप इस्तेमाल करें
code-lost = न फ़ोन है, न रिकवरी कोड? जिन्होंने आपको बुलाया था, वे इसे रीसेट कर सकते हैं।
code-wrong = यह कोड सही नहीं है। ऐप अभी जो कोड दिखा रहा है, वह लिखें। फिर भी न चले तो फ़ोन की घड़ी ऑटोमैटिक पर रखें।
code-used = यह कोड पहले ही इस्तेमाल हो चुका है। अगले कोड का इंतज़ार करें।
code-clock-behind = { $minutes ->
    [one] यह कोड एक मिनट पहले सही था। ऐप अभी जो कोड दिखा रहा है, वह लिखें; फिर भी न चले तो फ़ोन की घड़ी पीछे है: उसे ऑटोमैटिक पर रखें।
   *[other] यह कोड { $minutes } मिनट पहले सही था। ऐप अभी जो कोड दिखा रहा है, वह लिखें; फिर भी न चले तो फ़ोन की घड़ी पीछे है: उसे ऑटोमैटिक पर रखें।
  }
code-clock-ahead = { $minutes ->
    [one] आपके फ़ोन की घड़ी एक मिनट आगे है। उसे ऑटोमैटिक पर रखें, फिर अगला कोड लिखें।
   *[other] आपके फ़ोन की घड़ी { $minutes } मिनट आगे है। उसे ऑटोमैटिक पर रखें, फिर अगला कोड लिखें।
  }
failure-sign-in-ended-title = साइन इन में बहुत देर हो गई
failure-sign-in-ended = वापस जाएँ, और अपना पासवर्ड फिर से लिखें।

second-factor-title = दो चरण वाला साइन इन
second-factor-on = चालू
second-factor-is-on = दो चरण वाला साइन इन चालू है।
second-factor-off-state = बंद
second-factor-none = साइन इन करते समय पासवर्ड के साथ आपके फ़ोन का एक कोड भी माँगा जा सकता है। तब चोरी हुए पासवर्ड से कुछ नहीं खुलता।
second-factor-begin = दो चरण वाला साइन इन शुरू करें
second-factor-change = बदलें
second-factor-lead = इसके बाद हर साइन इन पर आपका पासवर्ड और फ़ोन का एक कोड माँगा जाएगा।
second-factor-needed-lead = आपके अकाउंट के साइन इन में एक और चरण ज़रूरी है। इसे एक बार शुरू कर लें; एक मिनट लगता है।
second-factor-app = फ़ोन में ऑथेंटिकेटर ऐप न हो, तो एक इंस्टॉल करें। कोई भी चलेगा।
second-factor-scan = उससे यह तस्वीर स्कैन करें।
second-factor-picture = आपके ऑथेंटिकेटर ऐप के लिए QR कोड
second-factor-open = इसी फ़ोन पर ऐप खोलें
second-factor-by-hand = स्कैन नहीं हो रहा?
second-factor-by-hand-hint = यह कुंजी ऐप में लिखें; प्रकार में “समय आधारित” चुनें।
second-factor-password = आपका पासवर्ड
second-factor-password-wrong = पासवर्ड ग़लत है, या बहुत बार कोशिश हो चुकी है: तब पंद्रह मिनट बाद फिर कोशिश करें।
second-factor-current = अब तक वाले ऐप का कोड
second-factor-current-hint = पुराना फ़ोन न रहा हो, तो कोई रिकवरी कोड।
second-factor-first-code = स्कैन के बाद ऐप जो कोड दिखाए
second-factor-first-code-hint = छह अंक।
second-factor-confirm = चालू करें
second-factor-replace = दूसरा फ़ोन इस्तेमाल करें
second-factor-off-title = इसे बंद करें
second-factor-off = बंद करें
second-factor-is-required = आपके अकाउंट के लिए यह ज़रूरी है और बंद नहीं हो सकता।
second-factor-reset = रीसेट करें
second-factor-reset-ask = { $name } का दो चरण वाला साइन इन रीसेट करें? तब सिर्फ़ पासवर्ड से साइन इन होगा, और वे तुरंत साइन आउट हो जाएँगे। पहले पक्का कर लें कि कहने वाले वही हैं।
done-second-factor-off = दो चरण वाला साइन इन बंद है।
done-second-factor-reset = रीसेट हो गया। वे साइन आउट हो गए हैं और अपने पासवर्ड से साइन इन कर सकते हैं।

recovery-title = आपके रिकवरी कोड
recovery-explained = फ़ोन पास न हो, तो इन { $count } कोड में से हर एक से आप एक बार साइन इन कर सकते हैं। इन्हें ऐसी जगह रखें जहाँ कोई और न पढ़ सके, उसी फ़ोन में नहीं। ये सिर्फ़ अभी दिख रहे हैं।
recovery-kept = मैंने ये रख लिए हैं
recovery-left = { $count ->
    [0] कोई रिकवरी कोड नहीं बचा। नए बना लें, नहीं तो फ़ोन खोने पर आप अंदर नहीं आ पाएँगे।
    [one] एक रिकवरी कोड बचा है। जल्दी ही नए बना लें।
   *[other] { $count } रिकवरी कोड बचे हैं।
  }
recovery-renew-title = नए रिकवरी कोड
recovery-renew-hint = पहले वाले कोड बंद हो जाएँगे।
recovery-renew = नए कोड बनाएँ

sessions-title = आप कहाँ साइन इन हैं
sessions-here = यही ब्राउज़र
sessions-browser = ब्राउज़र
sessions-browser-unknown = अनजान ब्राउज़र
sessions-network = नेटवर्क
sessions-since = कब से
sessions-used = पिछली बार कब चला
sessions-hint = कोई ऐसा है जिसे आप नहीं जानते? उसे साइन आउट करें, और नया पासवर्ड रखें।
done-session-ended = वह ब्राउज़र साइन आउट हो गया है।
