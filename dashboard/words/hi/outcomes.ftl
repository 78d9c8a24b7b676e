# रिपोर्ट: दिनों और हफ़्तों में सब मिलाकर क्या हुआ।
#
# `outcome-<figure>` उसका नाम है, `-means` वह क्या है, `-numerator` क्या गिना जाता है, `-denominator`
# कितने में से। मैसेज भेजा जाता है और पहुँचता है; पार्सल डिलीवर होता है; SMS भेजा जाता है।

outcomes-title = रिपोर्ट
outcomes-lead = आपके सिस्टम को भेजे मैसेज, पार्सल और ग्राहकों के जवाब: कुल मिलाकर क्या हुआ। दिन { $zone } के समय के हिसाब से है; किसी event का आगे जो भी हो, वह उसी दिन में गिना जाता है जिस दिन वह हमें मिला।
outcomes-lead-ops = सभी partners, एक ही दिनों के लिए, सबसे ख़राब पहले: पहले तय नियम के अंदर पहुँचे मैसेज के हिस्से से, फिर 90 से॰ में पहुँचे मैसेज के हिस्से से। दिन partner का अपना है।
outcomes-range = कौन से दिन
outcomes-from = से
outcomes-to = तक
outcomes-by = हिसाब
outcomes-by-day = दिन
outcomes-by-week = हफ़्ता
outcomes-show = दिखाएँ
outcomes-usual = पिछले बारह हफ़्ते
outcomes-days = { $first } से { $last }
outcomes-about = { $days }, { $by ->
    [day] हर दिन
   *[week] हर हफ़्ते
  }
outcomes-none = इन दिनों में कुछ नहीं गिना गया। आँकड़े पहले events के साथ आते हैं, और आज के आँकड़े ज़्यादा से ज़्यादा कुछ मिनट पुराने होते हैं।
outcomes-of = { $whole } में से { $part }
outcomes-rupees = ₹{ $amount }
outcomes-target-of = लक्ष्य: { $target }
outcomes-chart = { $figure }, समय के साथ
outcomes-charts = समय के साथ
outcomes-on-top = सबसे ज़रूरी आँकड़े
outcomes-in-numbers = यही सब अंकों में, और ज़्यादा
outcomes-period-day = दिन
outcomes-period-week = हफ़्ता
outcomes-save = फ़ाइल में सेव करें
outcomes-save-csv = CSV, स्प्रेडशीट के लिए
outcomes-save-json = JSON
outcomes-save-hint = यही दिन और हर आँकड़ा, पूरा-पूरा।
outcomes-save-hint-ops = इस टेबल की सभी लाइनें, सभी partners की, पूरी-पूरी।
outcomes-report-open = हफ़्ते की रिपोर्ट, प्रिंट के लिए

outcomes-figure = आँकड़ा
outcomes-value = कितना
outcomes-made-of = कैसे बना
outcomes-target = लक्ष्य
outcomes-before = पहले
outcomes-difference = फ़र्क़
outcomes-was = पहले: { $before } ({ $difference })
outcomes-before-means = “पहले” यानी Doorstep से पहले यह आँकड़ा कितना था, उतने ही दिनों के लिए: किसी ने बताया, या पुराने ऑर्डर से निकाला गया। डैश का मतलब है कि किसी ने नहीं बताया।
outcomes-model = अनुमान
outcomes-model-means = गिना नहीं गया, एक फ़ॉर्मूले से निकाला गया जो कुछ बातें मानकर चलता है।
outcomes-numerator = गिना गया:
outcomes-denominator = इनमें से:
outcomes-definitions = ये आँकड़े क्या हैं
outcomes-group-messages = आपके सिस्टम को मैसेज
outcomes-group-parcels = पार्सल
outcomes-group-answers = डिलीवरी न होने के बाद के जवाब
outcomes-group-customers = आपके ग्राहक: कॉल और SMS
outcomes-group-events = Events

outcomes-partner = Partner
outcomes-all = सभी partners मिलाकर
outcomes-page-first = सबसे ख़राब पर वापस
outcomes-page-next = आगे
outcomes-below = लक्ष्य से कम
outcomes-partners = Partners
outcomes-missed-delivered-within-policy = तय नियम के अंदर पहुँचने के लक्ष्य से कम
outcomes-missed-delivered-within-90-s = 90 से॰ में पहुँचने के लक्ष्य से कम

outcomes-calls = “मेरा ऑर्डर कहाँ है?” वाली कॉल
outcomes-calls-lead = एक दिन में कितने ग्राहकों ने कॉल किया, यह कॉल सेंटर जानता है। इसे CSV फ़ाइल में भेजें, कॉलम partner_id, day और calls के साथ: हर partner और दिन की एक लाइन, दिन 2026-11-25 की तरह लिखा हुआ। पहले दी गई संख्या बदल जाती है। एक भी लाइन ग़लत हो, तो फ़ाइल में से कुछ नहीं लिया जाता।
outcomes-calls-file = CSV फ़ाइल
outcomes-calls-hint = ज़्यादा से ज़्यादा { $lines } लाइनें और 250 kB।
outcomes-calls-send = कॉल भेजें
outcomes-calls-taken = { $lines ->
    [one] एक partner और दिन की कॉल ले ली गईं।
   *[other] { $lines } partners और दिनों की कॉल ले ली गईं।
  }
outcomes-calls-refused = फ़ाइल में से कुछ नहीं लिया गया। ये लाइनें ठीक करें और फिर से भेजें:
outcomes-calls-line = लाइन { $line }: { $reason }
outcomes-calls-more = { $more ->
    [one] और एक।
   *[other] और { $more }।
  }

outcome-events-accepted = मिले events
outcome-events-accepted-means = आपके ऑर्डर के events जो हमें लॉजिस्टिक्स कंपनी से मिले, आपके सिस्टम या आपके ग्राहकों को बताने के लिए।
outcome-events-accepted-numerator = events, उन्हें छोड़कर जो सिर्फ़ रखने के लिए थे
outcome-events-recorded = सिर्फ़ रखे गए events
outcome-events-recorded-means = पुराने events जो बाद में डाले गए। इनके बारे में किसी को नहीं बताया गया, और ये किसी और आँकड़े में नहीं हैं।
outcome-events-recorded-numerator = बाद में डाले गए events
outcome-orders = नए ऑर्डर
outcome-orders-means = ऑर्डर जिनके बारे में हमें पहली बार पता चला।
outcome-orders-numerator = ऑर्डर जिनका पहला event मिला

outcome-delivered-within-90-s = 90 से॰ में पहुँचे मैसेज
outcome-delivered-within-90-s-means = आपके सिस्टम को भेजे गए मैसेज में से कितने event मिलने के 90 सेकंड के अंदर पहुँच गए। जो अभी रास्ते में है, वह पहुँचा हुआ नहीं गिना जाता।
outcome-delivered-within-90-s-numerator = मैसेज जो 90 सेकंड में पहुँचे
outcome-delivered-within-90-s-denominator = सभी मैसेज जो आपके endpoints पर भेजे जाने थे
outcome-delivered-within-policy = तय नियम के अंदर पहुँचे मैसेज
outcome-delivered-within-policy-means = कितने मैसेज सिर्फ़ अपने आप होने वाली कोशिशों से पहुँचे (तुरंत, या 30 सेकंड, 2 मिनट या 8 मिनट बाद), या इन कोशिशों में लगने वाले समय, 11 मिनट 33 सेकंड, के अंदर किसी और तरह से।
outcome-delivered-within-policy-numerator = मैसेज जो पहले दौर की किसी अपने आप हुई कोशिश से, या 11 मिनट 33 सेकंड के अंदर पहुँचे
outcome-delivered-within-policy-denominator = सभी मैसेज जो आपके endpoints पर भेजे जाने थे
outcome-delivered-in-the-end = आख़िरकार पहुँचे मैसेज
outcome-delivered-in-the-end-means = कितने मैसेज आख़िरकार पहुँचे, दोबारा कोशिश से या आपका endpoint फिर चालू होने के बाद भी।
outcome-delivered-in-the-end-numerator = मैसेज जो कभी भी पहुँचे
outcome-delivered-in-the-end-denominator = सभी मैसेज जो आपके endpoints पर भेजे जाने थे
outcome-webhooks-under-way = रास्ते में मैसेज
outcome-webhooks-under-way-means = मैसेज जो अभी अपने आप पहुँच सकते हैं।
outcome-webhooks-under-way-numerator = मैसेज जो कतार में हैं या भेजे जा रहे हैं
outcome-webhooks-skipped = जानकर न भेजे गए मैसेज
outcome-webhooks-skipped-means = Endpoint ऐसे events नहीं लेता या हटा दिया गया, या ग्राहक का डेटा मिटा दिया गया। ये किसी प्रतिशत में नहीं गिने जाते।
outcome-webhooks-skipped-numerator = छोड़े गए मैसेज
outcome-propagation-p50 = आधे मैसेज इतने समय में पहुँचते हैं
outcome-propagation-p50-means = Event मिलने से लेकर वह समय जिसमें पहुँचे हुए मैसेज में से आधे पहुँच गए। कभी असल से कम नहीं बताया जाता, और ज़्यादा से ज़्यादा 12.3 % और 1 मि॰से॰ ज़्यादा।
outcome-propagation-p50-numerator = वह समय जो पहुँचे हुए मैसेज में से आधों ने ज़्यादा से ज़्यादा लिया
outcome-propagation-p95 = 100 में से 95 इतने समय में पहुँचते हैं
outcome-propagation-p95-means = Event मिलने से लेकर वह समय जिसमें पहुँचे हुए 100 में से 95 मैसेज पहुँच गए। कभी असल से कम नहीं बताया जाता, और ज़्यादा से ज़्यादा 12.3 % और 1 मि॰से॰ ज़्यादा।
outcome-propagation-p95-numerator = वह समय जो पहुँचे हुए 100 में से 95 मैसेज ने ज़्यादा से ज़्यादा लिया
outcome-propagation-p99 = 100 में से 99 इतने समय में पहुँचते हैं
outcome-propagation-p99-means = Event मिलने से लेकर वह समय जिसमें पहुँचे हुए 100 में से 99 मैसेज पहुँच गए। कभी असल से कम नहीं बताया जाता, और ज़्यादा से ज़्यादा 12.3 % और 1 मि॰से॰ ज़्यादा।
outcome-propagation-p99-numerator = वह समय जो पहुँचे हुए 100 में से 99 मैसेज ने ज़्यादा से ज़्यादा लिया

outcome-first-attempt-success = पहली कोशिश में डिलीवर हुए पार्सल
outcome-first-attempt-success-means = कितने ऑर्डर ग्राहक को तभी मिल गए जब राइडर पहली बार गया।
outcome-first-attempt-success-numerator = ऑर्डर जिनकी पहली कोशिश में डिलीवरी हो गई
outcome-first-attempt-success-denominator = ऑर्डर जिनके लिए राइडर घर तक गया
outcome-failed-deliveries = नाकाम डिलीवरी की कोशिशें
outcome-failed-deliveries-means = कितनी बार राइडर गया और पार्सल डिलीवर नहीं कर सका।
outcome-failed-deliveries-numerator = डिलीवरी की कोशिशें जिनमें पार्सल डिलीवर नहीं हुआ
outcome-failed-customer = ग्राहक की वजह से नहीं हुईं
outcome-failed-customer-means = ग्राहक घर पर नहीं थे, जवाब नहीं दिया, या पार्सल नहीं लेना चाहा।
outcome-failed-customer-numerator = कोशिशें जो ग्राहक की वजह से नाकाम रहीं
outcome-failed-customer-denominator = नाकाम डिलीवरी की कोशिशें
outcome-failed-address = पते की वजह से नहीं हुईं
outcome-failed-address-means = पता ग़लत था, अधूरा था, या मिला नहीं।
outcome-failed-address-numerator = कोशिशें जो पते की वजह से नाकाम रहीं
outcome-failed-address-denominator = नाकाम डिलीवरी की कोशिशें
outcome-failed-payment = पेमेंट की वजह से नहीं हुईं
outcome-failed-payment-means = ग्राहक पैसे नहीं दे सके या नहीं देना चाहे।
outcome-failed-payment-numerator = कोशिशें जो पेमेंट की वजह से नाकाम रहीं
outcome-failed-payment-denominator = नाकाम डिलीवरी की कोशिशें
outcome-failed-verification = कोड की वजह से नहीं हुईं
outcome-failed-verification-means = ग्राहक कोड या अपनी पहचान नहीं दिखा सके।
outcome-failed-verification-numerator = कोशिशें जो कोड की वजह से नाकाम रहीं
outcome-failed-verification-denominator = नाकाम डिलीवरी की कोशिशें
outcome-failed-carrier = लॉजिस्टिक्स कंपनी की वजह से नहीं हुईं
outcome-failed-carrier-means = गड़बड़ गाड़ी, राइडर या रास्ते में थी।
outcome-failed-carrier-numerator = कोशिशें जो लॉजिस्टिक्स कंपनी की वजह से नाकाम रहीं
outcome-failed-carrier-denominator = नाकाम डिलीवरी की कोशिशें
outcome-failed-other = किसी और वजह से नहीं हुईं
outcome-failed-other-means = ऊपर की कोई वजह नहीं।
outcome-failed-other-numerator = कोशिशें जो किसी और वजह से नाकाम रहीं
outcome-failed-other-denominator = नाकाम डिलीवरी की कोशिशें
outcome-rto = वापस आए पार्सल (RTO)
outcome-rto-means = कितने ऑर्डर डिलीवर हुए बिना आपके पास वापस आए।
outcome-rto-numerator = ऑर्डर जो डिलीवर हुए बिना वापस चल पड़े
outcome-rto-denominator = वे, और डिलीवर हुए ऑर्डर

outcome-instructions-given = नाकाम कोशिशें जिन पर जवाब आया
outcome-instructions-given-means = कितनी नाकाम कोशिशों के बाद ग्राहक, आपने या हमने बताया कि अब क्या करना है।
outcome-instructions-given-numerator = नाकाम कोशिशें जिन पर जवाब आया
outcome-instructions-given-denominator = नाकाम डिलीवरी की कोशिशें
outcome-instructions-accepted = माने गए जवाब
outcome-instructions-accepted-means = उन जवाबों में से कितने लॉजिस्टिक्स कंपनी ने माने।
outcome-instructions-accepted-numerator = नाकाम कोशिशें जिनका जवाब माना गया
outcome-instructions-accepted-denominator = नाकाम कोशिशें जिन पर जवाब आया
outcome-delivered-after-instruction = जवाब के साथ, अगली कोशिश में डिलीवर
outcome-delivered-after-instruction-means = दोबारा डिलीवरी माँगने वाला जवाब माने जाने के बाद अगली कोशिश कितनी बार सफल रही।
outcome-delivered-after-instruction-numerator = इनमें से, अगली कोशिश में डिलीवर हुए पार्सल
outcome-delivered-after-instruction-denominator = नाकाम कोशिशें जिनका दोबारा डिलीवरी वाला जवाब माना गया और जिनका ऑर्डर आगे बढ़ा
outcome-delivered-without-instruction = बिना जवाब के, अगली कोशिश में डिलीवर
outcome-delivered-without-instruction-means = जहाँ किसी ने कुछ नहीं बताया, वहाँ अगली कोशिश कितनी बार सफल रही।
outcome-delivered-without-instruction-numerator = इनमें से, अगली कोशिश में डिलीवर हुए पार्सल
outcome-delivered-without-instruction-denominator = बिना जवाब की नाकाम कोशिशें जिनका ऑर्डर आगे बढ़ा
outcome-redeliveries-avoided = बची हुई डिलीवरी की कोशिशें
outcome-redeliveries-avoided-means = अनुमान: माँगने पर बिना नई कोशिश के वापस भेजे गए पार्सल, और जवाबों के बाद की वे डिलीवरी जो बिना जवाब की आपकी अपनी दर से ज़्यादा हुईं। यह मानकर कि जवाब देने वाले ग्राहक बाक़ी जैसे ही हैं। जहाँ हर नाकाम कोशिश पर जवाब आया, वहाँ पता नहीं।
outcome-redeliveries-avoided-numerator = माँगने पर वापस भेजे पार्सल, और माने गए जवाबों के बाद की डिलीवरी, घटा माने गए जवाब गुणा बिना जवाब डिलीवर होने का हिस्सा
outcome-redelivery-cost-avoided = डिलीवरी में बचे पैसे
outcome-redelivery-cost-avoided-means = अनुमान: बची हुई कोशिशों में कितना ख़र्च होता, आज आपके लिए तय एक कोशिश के ख़र्च से। ख़र्च तय न हो तो पता नहीं।
outcome-redelivery-cost-avoided-numerator = बची हुई कोशिशें गुणा एक कोशिश का ख़र्च

outcome-wismo-calls-per-100-orders = हर 100 ऑर्डर पर “मेरा ऑर्डर कहाँ है?” वाली कॉल
outcome-wismo-calls-per-100-orders-means = हर 100 नए ऑर्डर पर कितने ग्राहकों ने कॉल करके पूछा कि ऑर्डर कहाँ है। कॉल, कॉल सेंटर गिनता है।
outcome-wismo-calls-per-100-orders-numerator = उन दिनों की कॉल जिनकी संख्या पता है
outcome-wismo-calls-per-100-orders-denominator = उन्हीं दिनों के नए ऑर्डर
outcome-sms-sent = भेजे गए SMS
outcome-sms-sent-means = Events के बारे में ग्राहकों को भेजे गए SMS। कोड और याद दिलाने वाले SMS इसमें नहीं हैं।
outcome-sms-sent-numerator = SMS जो Twilio ने लिए
outcome-sms-parts = उन SMS के हिस्से
outcome-sms-parts-means = लंबा SMS कई हिस्सों में जाता है, और हर हिस्से के पैसे लगते हैं।
outcome-sms-parts-numerator = Twilio के लिए गए SMS के हिस्से
outcome-sms-cost = उन SMS का ख़र्च
outcome-sms-cost-means = हिस्से, आज आपके लिए तय एक हिस्से के दाम से। दाम तय न हो तो पता नहीं।
outcome-sms-cost-numerator = हिस्से गुणा एक हिस्से का दाम

outcomes-unchanged = उतना ही
outcomes-more = +{ $amount }
outcomes-less = −{ $amount }
outcomes-points = { $points } अंक

report-title = हफ़्ते की रिपोर्ट
report-of = { $name } का हफ़्ता: { $days }
report-made = { $made } तक। दिन { $zone } के समय के हैं; किसी event का आगे जो भी हो, वह उसी दिन में गिना जाता है जिस दिन वह मिला।
report-not-over = यह हफ़्ता अभी पूरा नहीं हुआ है।
report-week = हफ़्ता
report-week-hint = उसका कोई भी दिन।
report-weeks = दूसरे हफ़्ते
report-earlier = इससे पहले का हफ़्ता
report-later = इसके बाद का हफ़्ता
report-print = प्रिंट करें
report-this-week = यह हफ़्ता
report-week-before = पिछला हफ़्ता
report-change = बदलाव
