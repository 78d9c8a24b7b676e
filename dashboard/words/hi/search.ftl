# ऑर्डर खोजना, उसके बारे में जो भी पता हो उससे।

search-title = खोज
search-in-page = ऑर्डर खोजें
search-for = ऑर्डर, फ़ोन या नाम
search-do = खोजें
search-found-label = मिले हुए ऑर्डर
search-order = ऑर्डर
search-parcel = पार्सल
search-matched = किससे मिला
search-last = पिछला अपडेट
search-no-events = अब कोई अपडेट नहीं
search-more = { $count ->
    [one] यह सबसे नया है। कम देखने के लिए नंबर के और अंक लिखें, या पूरा फ़ोन नंबर।
   *[other] ये सबसे नए { $count } हैं। कम देखने के लिए नंबर के और अंक लिखें, या पूरा फ़ोन नंबर।
  }
search-more-of = { $name } के और ऑर्डर
search-partners = Partners
search-forgotten = यह खोज उस साइन इन के साथ ख़त्म हो गई जिसमें की गई थी। एक बार फिर लिखें।

search-by-order = ऑर्डर नंबर
search-by-ref = दुकान का अपना नंबर
search-by-awb = AWB नंबर
search-by-event = event ID
search-by-phone = ग्राहक का फ़ोन
search-by-last-four = फ़ोन के आख़िरी चार अंक
search-by-name = ग्राहक का नाम
search-by-order-part = ऑर्डर नंबर की शुरुआत
search-by-ref-part = दुकान के अपने नंबर की शुरुआत
search-by-awb-part = AWB नंबर की शुरुआत

search-none = कुछ नहीं मिला
search-none-hint = देखें कि सही लिखा है, या ऑर्डर के बारे में कुछ और लिखें जो आपको पता हो:
search-lead = ऑर्डर के बारे में जो पता हो, वह लिखें:
search-hint-order = उसका ऑर्डर नंबर
search-hint-ref = दुकान का अपना ऑर्डर नंबर, जैसे #1042
search-hint-awb = लेबल पर लिखा AWB नंबर
search-hint-phone = ग्राहक का फ़ोन नंबर, या उसके आख़िरी चार अंक
search-hint-name = ग्राहक का नाम, पूरे शब्दों में
search-hint-part = किसी नंबर की शुरुआत, कम से कम तीन अक्षर या अंक
search-erased-hint = ग्राहक का फ़ोन और नाम ऑर्डर के कुछ हफ़्ते बाद मिटा दिए जाते हैं। उसके बाद वह सिर्फ़ ऑर्डर नंबर से मिलता है।
