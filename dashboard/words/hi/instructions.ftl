# डिलीवरी न होने के बाद क्या करना है।

instructions-title = डिलीवरी न होने के बाद
instructions-ask = पार्सल का क्या करना है?
instructions-until = इस समय तक बता सकते हैं
instructions-address-hint = सिर्फ़ वही भरें जो बदलना है: पूरा नया पता, या पुराने पते के लिए सिर्फ़ एक लैंडमार्क, या सिर्फ़ दूसरा फ़ोन नंबर।
instructions-too-late = अब देर हो चुकी है: इसका जवाब पहले ही दिया जा चुका है, या ऑर्डर आगे बढ़ चुका है।

action-reattempt = अगले राउंड में डिलीवर करें
action-reschedule = किसी और दिन डिलीवर करें
action-change-address = दूसरे पते पर डिलीवर करें, या दूसरे फ़ोन पर कॉल करें
action-hold = डिलीवरी सेंटर पर रखें
action-return = दुकान पर वापस भेजें

instruction-waiting-for-code = ग्राहक के कोड का इंतज़ार है
instruction-open = आगे भेजा गया, फ़ैसला बाक़ी है
instruction-accepted = कन्फ़र्म
instruction-rejected = नहीं हो सकता
instruction-superseded = इसकी जगह नया आया
instruction-closed = ज़रूरत नहीं रही
instruction-expired = समय निकल गया
instruction-by-customer = ग्राहक,
instruction-by-merchant = दुकान,
instruction-by-ops = हमारी सपोर्ट टीम,
instruction-unposted = ऑर्डर सिस्टम को बताया नहीं जा सका
instruction-next-attempt = अगली कोशिश:
instruction-line1 = मकान और गली
instruction-line2 = इलाक़ा
instruction-city = शहर
instruction-state = राज्य
instruction-pincode = पिन कोड
instruction-landmark = लैंडमार्क
instruction-phone = कॉल करने के लिए फ़ोन
instruction-when = दिन और समय
instruction-soonest = जितनी जल्दी हो सके
instruction-comment = राइडर के लिए नोट
instruction-send = यही करवाएँ

slot-morning = { $day }, सुबह 9 से दोपहर 12 बजे
slot-afternoon = { $day }, दोपहर 12 से शाम 4 बजे
slot-evening = { $day }, शाम 4 से रात 8 बजे

fault-instruction-when = दिए गए दिनों और समय में से एक चुनें।
fault-instruction-address = मकान और गली, शहर और पिन कोड दें; या सिर्फ़ लैंडमार्क; या सिर्फ़ फ़ोन।
fault-instruction-pincode = पिन कोड में छह अंक होते हैं।
fault-instruction-phone = फ़ोन नंबर दें: भारत के दस अंक, या + के साथ देश का कोड।
fault-instruction-too-long = 500 अक्षर या उससे कम में लिखें।
fault-instruction-text = सादे अक्षरों और अंकों में लिखें।

no-choice-order-went-on = ऑर्डर आगे बढ़ चुका है: अब कुछ नहीं माँगा जा सकता।
no-choice-decided = यह कन्फ़र्म हो चुका है, अब बदला नहीं जा सकता।
no-choice-expired = बताने का समय निकल गया: अगली कोशिश होने वाली है।
no-choice-nothing-allowed = इस वजह से डिलीवरी न होने पर कुछ नहीं माँगा जा सकता।
no-choice-erased = ग्राहक का डेटा मिटा दिया गया है।

failed-title = डिलीवर नहीं हुए पार्सल
failed-lead = डिलीवरी नहीं हुई, और आगे क्या करना है, यह अभी न आपने बताया है, न ग्राहक ने। सबसे पुराने पहले।
failed-first = सबसे पुराने पर वापस
failed-next = इसके बाद के
failed-none = कोई जवाब बाक़ी नहीं: डिलीवर नहीं हुए हर पार्सल का आगे क्या होगा, यह तय है।
failed-action = चुने हुए पार्सल के लिए
failed-when = दिन और समय, अगर किसी और दिन
failed-ask = यही करवाएँ
failed-why = डिलीवरी क्यों नहीं हुई
failed-since = कब से
failed-until = जवाब कब तक
failed-attempt = कोशिश { $number }
failed-too-late = देर हो चुकी है: अगली कोशिश होने वाली है
failed-nothing-allowed = कुछ नहीं माँगा जा सकता
failed-tick = ऑर्डर { $order } चुनें
failed-tick-all = सभी चुनें
failed-none-ticked = कम से कम एक ऑर्डर चुनें।
failed-fault = किसी और दिन के लिए एक दिन चुनें, और नोट 500 सादे अक्षरों के अंदर लिखें।
failed-given = { $count ->
    [one] एक ऑर्डर का जवाब दे दिया गया।
   *[other] { $count } ऑर्डर का जवाब दे दिया गया।
  }
failed-refused = { $count ->
    [one] एक ऑर्डर का जवाब नहीं दिया जा सका:
   *[other] { $count } ऑर्डर का जवाब नहीं दिया जा सका:
  }
failed-refused-action = इस वजह के बाद यह नहीं माँगा जा सकता, या दुकान ने इसकी इजाज़त नहीं दी है।
failed-refused-when = यह दिन या समय नहीं मिल सकता।
failed-customer = ग्राहक
failed-address = पता
failed-payment = पेमेंट
failed-verification = वेरिफ़िकेशन
failed-carrier = लॉजिस्टिक्स कंपनी
failed-other = कोई और वजह

done-instruction-given = ऑर्डर सिस्टम को बता दिया गया।
done-instructions-given = ऑर्डर सिस्टम को बता दिया गया।
