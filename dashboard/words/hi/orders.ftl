# ऑर्डर: उनकी सूची, और एक ऑर्डर: पार्सल कहाँ है, ग्राहक और आपके सिस्टम को क्या मिला।

parcel-order-confirmed = कन्फ़र्म
parcel-out-for-delivery = डिलीवरी के लिए निकला
parcel-delivered = डिलीवर हुआ
parcel-delivery-failed = डिलीवरी नहीं हुई
parcel-return-initiated = वापस आ रहा है

step-order-confirmed = कन्फ़र्म
step-out-for-delivery = डिलीवरी के लिए निकला
step-delivered = डिलीवर हुआ
step-delivery-failed = डिलीवरी नहीं हुई
step-return-initiated = वापसी शुरू
step-times = { $count } बार

customer-masked = { $name } ••••{ $digits }
customer-phone-masked = ••••{ $digits }

dates-since = कब से
dates-until = कब तक
dates-bad-day = यह तारीख़ नहीं है: इसे 2026-11-25 की तरह लिखें।
dates-reversed = पहला दिन आख़िरी दिन के बाद का है: दोनों को आपस में बदलें।

orders-title = ऑर्डर
orders-lead = आपके ऑर्डर, सबसे नए अपडेट वाले पहले: हर पार्सल कहाँ है, और आपके ग्राहक और आपके सिस्टम को ख़बर मिली या नहीं।
orders-filters = ऑर्डर छाँटें
orders-filter = दिखाएँ
orders-any = कोई भी
orders-parcel = पार्सल
orders-problem = पिछला अपडेट
orders-problem-failed = फ़ेल
orders-problem-on-hold = रुका हुआ
orders-problem-skipped = छोड़ा गया
orders-tests = टेस्ट ऑर्डर
orders-tests-shown = दिखाए गए
orders-tests-hidden = छिपाए गए
orders-order = ऑर्डर
orders-shop-number = आपका अपना नंबर
orders-awb = AWB नंबर
orders-customer = ग्राहक
orders-updated = पिछला अपडेट
orders-updated-csv = पिछला अपडेट (आपके टाइम ज़ोन में)
orders-endpoint = { $name }: { $said }
orders-csv-more = इस फ़ाइल में सिर्फ़ सबसे नए { $count } ऑर्डर हैं। बाक़ी के लिए कम दिन चुनें।
orders-none-here = अभी तक कोई नहीं
orders-none-here-hint = आपके सबसे नए { $count } अपडेट में कोई नहीं मिला। पुराने में हो सकता है।
orders-look-further = और पीछे देखें
orders-none-found = कोई ऑर्डर नहीं मिला
orders-none-found-hint = कम फ़िल्टर चुनें, या दूसरे दिन।
orders-none-yet = अभी कोई ऑर्डर नहीं
orders-none-yet-hint = आपका कोई ऑर्डर कन्फ़र्म होते ही यहाँ दिखेगा। टेस्ट event भी।

order-title = ऑर्डर { $order }
order-title-state = { $order }: { $state }
order-test = टेस्ट
order-back = सभी ऑर्डर
order-facts = इस ऑर्डर के बारे में क्या पता है
order-phone = फ़ोन
order-address = पता
order-city = शहर
order-payment = पेमेंट
order-prepaid = प्रीपेड
order-cod = { $amount }, COD
order-cod-unknown = COD
order-expected = पहुँचने का अनुमान
order-promised = पहुँचाने का वादा
order-rider = राइडर
order-reveal = ग्राहक की जानकारी दिखाएँ
order-reveal-hint = नाम, फ़ोन और पता, सिर्फ़ इस बार। आपके एक्टिविटी लॉग में लिखा जाता है कि किसने देखा।
order-revealed = सिर्फ़ इस बार दिखाया गया, और एक्टिविटी लॉग में लिखा गया।
order-erased = ग्राहक का डेटा मिटा दिया गया।
order-way = पार्सल कहाँ है
order-updates = अपडेट
order-technical = तकनीकी जानकारी
order-to-customer = ग्राहक
order-to-endpoints = आपका सिस्टम
order-no-sms = इस अपडेट का कोई SMS नहीं।
order-no-webhook = इस अपडेट का कोई webhook नहीं।
order-sms-became = { $state } { $time }
order-sms-anew = टेम्पलेट से फिर से भरा गया: असली SMS अपने OTP के साथ मिटा दिया जाता है।
order-sms-not-kept = इस SMS के शब्द अब नहीं रखे गए हैं।
order-answer = { $count ->
    [one] { $answer }, एक कोशिश:
   *[other] { $answer }, { $count } कोशिशें, आख़िरी:
  }

ticket-title = टिकट के लिए कॉपी करें
ticket-hint = IDs, स्थितियाँ और आख़िरी जवाब, ग्राहक की किसी जानकारी के बिना।
ticket-order = ऑर्डर { $order }, दुकान { $partner }
ticket-event = { $type }, { $at }, event { $event }
ticket-delivery = - { $channel } { $to } ({ $delivery }): { $state }, आख़िरी जवाब { $code }, कोशिशें { $attempts }, { $at }
