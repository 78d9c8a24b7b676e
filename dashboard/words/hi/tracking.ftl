# ग्राहकों के ट्रैकिंग पेज की सेटिंग, और एक ऑर्डर का लिंक।

tracking-title = ट्रैकिंग पेज
tracking-lead = इस पेज पर आपके ग्राहक देखते हैं कि पार्सल कहाँ है, आपके नाम, लोगो और रंग के साथ। इसका लिंक SMS में जाता है।
tracking-no-address = अभी कोई पेज नहीं है: सपोर्ट टीम को पहले पब्लिक पता सेट करना होगा (DOORSTEP_PUBLIC_URL)।
tracking-page = पेज
tracking-page-means = चालू होने पर हर उस SMS में इस पेज का लिंक जाता है जिसमें ट्रैकिंग लिंक की जगह है और जिसके ऑर्डर का अपना लिंक नहीं है। इस पर दिखता है कि क्या हुआ, कब पहुँचने का अनुमान है, पार्सल रास्ते में हो तो राइडर का पहला नाम, और कोशिश नाकाम रही तो क्यों। पता, पूरा फ़ोन नंबर या OTP कभी नहीं दिखता।
tracking-on = पेज चालू करें
tracking-off = पेज बंद करें
tracking-off-ask = ट्रैकिंग पेज बंद करें? बंद रहने तक ग्राहकों के लिंक नहीं खुलेंगे।
tracking-look = कैसा दिखे
tracking-color = रंग
tracking-color-hint = इस पर आपका नाम काले या सफ़ेद में लिखा जाता है, जो ज़्यादा साफ़ दिखे।
tracking-save-color = रंग सेव करें
tracking-logo = लोगो
tracking-logo-now = लोगो, जैसा ग्राहकों को दिखता है
tracking-logo-hint = PNG, JPEG या WebP, ज़्यादा से ज़्यादा { $kb } kB, और { $side } पिक्सेल चौड़ा और ऊँचा। चौकोर सबसे अच्छा दिखता है।
tracking-logo-upload = लोगो अपलोड करें
tracking-logo-remove = लोगो हटाएँ
tracking-answers = डिलीवरी न होने के बाद
tracking-answers-mean = पेज ग्राहक से पूछता है कि अब क्या करना है, और यहाँ चुनी हुई वही बातें दिखाता है जो उस वजह के बाद हो सकती हैं। नए पते या फ़ोन के लिए एक कोड चाहिए, जो हम ऑर्डर के फ़ोन पर SMS करते हैं।
tracking-answers-allowed = ग्राहक क्या माँग सकते हैं
tracking-no-sundays = रविवार को डिलीवरी नहीं
tracking-reminder = चार घंटे तक जवाब न आए तो ग्राहक को एक और SMS भेजें
tracking-webhooks = Webhooks में लिंक
tracking-webhooks-mean = चालू होने पर, जिस ऑर्डर का अपना लिंक नहीं है उसके webhooks में order.tracking_url में यह लिंक जाता है।
tracking-webhooks-on = Webhooks में लिंक डालें
tracking-webhooks-off = Webhooks से लिंक हटाएँ
tracking-fault-color = कोई रंग चुनें, जैसे #0b6e4f।
tracking-fault-logo = लोगो नहीं लिया गया: { $reason }।

order-open-page = ग्राहक का पेज देखें
order-end-link = इसका लिंक बंद करें
order-end-link-ask = लिंक बंद करें? जिसके पास यह लिंक है उसे अब कुछ नहीं दिखेगा; अगले SMS में नया लिंक जाएगा।

done-tracking-saved = सेव हो गया।
done-tracking-link-ended = लिंक बंद हो गया। इस ऑर्डर के अगले SMS में नया लिंक जाएगा।
