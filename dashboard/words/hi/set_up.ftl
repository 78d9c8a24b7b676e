# असली ऑर्डर आने तक दुकान क्या-क्या सेट करती है।

set-up-title = सेटअप
set-up-lead = हर काम पूरा होते ही उस पर अपने आप निशान लग जाता है। यह सूची आपके पहले असली ऑर्डर तक रहती है।
set-up-count = { $count } में से { $done } पूरे
set-up-done = पूरा
set-up-open = बाक़ी
set-up-optional = चाहें तो
set-up-with-support = हमारी सपोर्ट टीम के साथ
set-up-all-done = सब कुछ सेट है: असली ऑर्डर आ रहे हैं।
set-up-hide = यह सूची छिपाएँ
done-set-up-hidden = सेटअप की सूची छिपा दी गई।
set-up-by-support = हमारी सपोर्ट टीम करती है

set-up-step-sms = SMS अपडेट देखें और चालू करें
set-up-why-sms = पढ़ें कि आपके ग्राहकों को क्या मिलेगा, भाषा चुनें, और हाँ कहें। उससे पहले किसी को SMS नहीं जाता।
set-up-step-test-sms = ख़ुद को एक टेस्ट SMS भेजें
set-up-why-test-sms = अपने फ़ोन पर देखें कि ग्राहक को क्या मिलता है। टेस्ट SMS जाते ही निशान लग जाता है।
set-up-step-phone = अपना फ़ोन नंबर दें
set-up-why-phone = टेस्ट SMS और ज़रूरी ख़बरें वहीं आती हैं।
set-up-step-tracking = अपने ट्रैकिंग पेज का रूप चुनें
set-up-why-tracking = उस पेज पर आपका लोगो या रंग जहाँ ग्राहक अपना पार्सल देखते हैं।
set-up-step-first-order = पहला असली ऑर्डर
set-up-why-first-order = लॉजिस्टिक्स कंपनी उसका पहला अपडेट अपने आप भेजती है। आपको कुछ नहीं करना है।
set-up-step-endpoint = Endpoint जोड़ें
set-up-why-endpoint = आपके सिस्टम का वह पता जो अपडेट लेता है। उन्हें जाँचने के लिए आपको एक secret मिलता है।
set-up-step-test-event = टेस्ट event से सिग्नेचर जाँचें
set-up-why-test-event = अपना endpoint खोलें और टेस्ट event भेजें। आपके सिस्टम से 2xx जवाब आते ही निशान लग जाता है।
set-up-step-key = API key बनाएँ
set-up-why-key = सिर्फ़ तब, जब आपका सिस्टम हमारे API से अपडेट पूछता हो।
set-up-step-sms-or-fallback = अपने ग्राहकों के लिए SMS चुनें
set-up-why-sms-or-fallback = हमेशा, सिर्फ़ webhook फ़ेल होने पर, या बिल्कुल नहीं।
set-up-step-people = एक और व्यक्ति को न्योता दें
set-up-why-people = ताकि आप न हों तो कोई और काम सँभाल सके। उनके साइन इन करते ही निशान लग जाता है।
set-up-step-first-event = पहला असली event
set-up-why-first-event = लॉजिस्टिक्स कंपनी इसे किसी ऑर्डर के पहले अपडेट के साथ भेजती है। आपको कुछ नहीं करना है।

set-up-step-sender = सेंडर ID
set-up-sender-is = SMS { $sender } से आते हैं।
set-up-sender-none = अभी कोई नहीं है, इसलिए SMS रुके रहते हैं। हमारी सपोर्ट टीम से माँगें।
set-up-step-dlt = भारत के लिए DLT रजिस्ट्रेशन
set-up-dlt-none = सेंडर ID हमारे यहाँ भारत के लिए रजिस्टर नहीं है। हमारी सपोर्ट टीम से पूछें कि क्या यह ज़रूरी है।
set-up-dlt-count = { $types } में से { $count } SMS का आपकी भाषा में रजिस्टर किया हुआ टेम्पलेट है। जिसका नहीं है, वह भारत में रोक दिया जाता है।

banner-awaits-owner = अभी किसी ग्राहक को SMS नहीं जाता: SMS अपडेट आपकी हाँ के इंतज़ार में हैं।
banner-awaits-owner-do = SMS देखें और चालू करें
