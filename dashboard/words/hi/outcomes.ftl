# रिपोर्ट: दिनों और हफ़्तों में सब मिलाकर क्या हुआ।
#
# `outcome-<figure>` उसका नाम है, `-means` वह क्या है, `-numerator` क्या गिना जाता है, `-denominator`
# कितने में से। मैसेज भेजा जाता है और पहुँचता है; पार्सल डिलीवर होता है; SMS भेजा जाता है।

outcomes-title = रिपोर्ट
outcomes-lead = आपके सिस्टम को भेजे मैसेज, पार्सल और ग्राहकों के जवाब: कुल मिलाकर क्या हुआ। दिन { $zone } के समय के हिसाब से हैं; किसी event का आगे जो भी हो, वह उसी दिन में गिना जाता है जिस दिन वह हमें मिला।
outcomes-lead-ops = एक ही दिनों में सभी partners, सबसे ख़राब पहले: क्रम पहले तय नियम के अंदर पहुँचे मैसेज के प्रतिशत से, फिर 90 सेकंड में पहुँचे मैसेज के प्रतिशत से। दिन हर partner के अपने समय के हैं।
outcomes-range = कौन से दिन
outcomes-from = कब से
outcomes-to = कब तक
outcomes-by = किस हिसाब से
outcomes-by-day = दिन
outcomes-by-week = हफ़्ता
outcomes-show = दिखाएँ
outcomes-usual = पिछले बारह हफ़्ते
outcomes-days = { $first } से { $last }
outcomes-about = { $days }, { $by ->
    [day] दिन के हिसाब से
   *[week] हफ़्ते के हिसाब से
  }
outcomes-none = इन दिनों में कुछ नहीं गिना गया। आँकड़े पहले events के साथ आते हैं, और आज के आँकड़े ज़्यादा से ज़्यादा कुछ मिनट पुराने होते हैं।
outcomes-of = { $whole } में से { $part }
outcomes-rupees = ₹{ $amount }
outcomes-target-of = लक्ष्य: { $target }
outcomes-chart = { $figure }, समय के साथ
outcomes-charts = समय के साथ
outcomes-on-top = सबसे ज़रूरी आँकड़े
outcomes-in-numbers = यही सब अंकों में, और भी
outcomes-period-day = दिन
outcomes-period-week = हफ़्ता
outcomes-save = फ़ाइल में सेव करें
outcomes-save-csv = CSV, स्प्रेडशीट के लिए
outcomes-save-json = JSON
outcomes-save-hint = यही दिन और हर आँकड़ा, सटीक।
outcomes-save-hint-ops = इस टेबल की सभी लाइनें, सभी partners की, सटीक।
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
outcomes-numerator = गिनती: { $counted }।
outcomes-denominator = कुल: { $whole }।
outcomes-definitions = ये आँकड़े क्या हैं
outcomes-group-messages = आपके सिस्टम को मैसेज
outcomes-group-parcels = पार्सल
outcomes-group-answers = डिलीवरी न होने पर मिले जवाब
outcomes-group-customers = आपके ग्राहक: कॉल और SMS
outcomes-group-events = Events

outcomes-partner = Partner
outcomes-all = सभी partners मिलाकर
outcomes-page-first = सबसे ख़राब पर वापस
outcomes-page-next = आगे
outcomes-below = लक्ष्य से कम
outcomes-partners = Partners
outcomes-missed-delivered-within-policy = तय नियम के अंदर पहुँचने के लक्ष्य से कम
outcomes-missed-delivered-within-90-s = 90 सेकंड में पहुँचने के लक्ष्य से कम

outcomes-calls = “मेरा ऑर्डर कहाँ है?” वाली कॉल
outcomes-calls-lead = एक दिन में कितने ग्राहकों ने कॉल किया, यह कॉल सेंटर जानता है। इसे CSV फ़ाइल में भेजें, जिसमें कॉलम partner_id, day और calls हों: हर partner और दिन की एक लाइन, दिन 2026-11-25 की तरह लिखा हुआ। पहले दी गई संख्या की जगह नई ले ली जाती है। एक भी लाइन ग़लत हो, तो फ़ाइल में से कुछ नहीं लिया जाता।
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
outcome-events-accepted-means = लॉजिस्टिक्स कंपनी से मिले आपके ऑर्डर के events, आपके सिस्टम या ग्राहकों को बताने के लिए।
outcome-events-accepted-numerator = events, सिर्फ़ रखे गए छोड़कर
outcome-events-recorded = सिर्फ़ रखे गए events
outcome-events-recorded-means = बाद में डाले गए पुराने events। ये न किसी को बताए गए, न किसी और आँकड़े में हैं।
outcome-events-recorded-numerator = बाद में डाले गए events
outcome-orders = नए ऑर्डर
outcome-orders-means = ऑर्डर जिनका हमें पहली बार पता चला।
outcome-orders-numerator = ऑर्डर जिनका पहला event मिला

outcome-delivered-within-90-s = 90 सेकंड में पहुँचे मैसेज
outcome-delivered-within-90-s-means = Event मिलने के 90 सेकंड में आपके सिस्टम तक कितने मैसेज पहुँचे। जो रास्ते में हैं, वे पहुँचे नहीं माने जाते।
outcome-delivered-within-90-s-numerator = 90 सेकंड में पहुँचे मैसेज
outcome-delivered-within-90-s-denominator = सभी मैसेज जो आपके endpoints पर भेजने थे
outcome-delivered-within-policy = तय नियम के अंदर पहुँचे मैसेज
outcome-delivered-within-policy-means = कितने मैसेज सिर्फ़ अपने आप हुई कोशिशों से पहुँचे (तुरंत, या 30 सेकंड, 2 मिनट या 8 मिनट बाद), या किसी और तरह से इनके समय, 11 मिनट 33 सेकंड, के अंदर।
outcome-delivered-within-policy-numerator = मैसेज जो पहले दौर में अपने आप, या 11 मिनट 33 सेकंड के अंदर पहुँचे
outcome-delivered-within-policy-denominator = सभी मैसेज जो आपके endpoints पर भेजने थे
outcome-delivered-in-the-end = आख़िरकार पहुँचे मैसेज
outcome-delivered-in-the-end-means = कितने मैसेज आख़िरकार पहुँचे, दोबारा कोशिश से या endpoint फिर चालू होने पर भी।
outcome-delivered-in-the-end-numerator = मैसेज जो पहुँचे, चाहे जब
outcome-delivered-in-the-end-denominator = सभी मैसेज जो आपके endpoints पर भेजने थे
outcome-webhooks-under-way = रास्ते में मैसेज
outcome-webhooks-under-way-means = ये अभी अपने आप पहुँच सकते हैं।
outcome-webhooks-under-way-numerator = कतार में या भेजे जा रहे मैसेज
outcome-webhooks-skipped = जान-बूझकर न भेजे गए मैसेज
outcome-webhooks-skipped-means = Endpoint ऐसे events नहीं लेता या हटाया गया, या ग्राहक का डेटा मिटाया गया। ये किसी प्रतिशत में नहीं हैं।
outcome-webhooks-skipped-numerator = छोड़े गए मैसेज
outcome-propagation-p50 = आधे मैसेज इतने समय में पहुँचे
outcome-propagation-p50-means = Event मिलने से वह समय जिसमें पहुँचने वाले आधे मैसेज पहुँच गए। असल से कम कभी नहीं; 12.3 % और 1 मि॰से॰ तक ज़्यादा।
outcome-propagation-p50-numerator = पहुँचे हुए आधे मैसेज का सबसे लंबा समय
outcome-propagation-p95 = 100 में से 95 इतने समय में पहुँचे
outcome-propagation-p95-means = Event मिलने से वह समय जिसमें पहुँचने वाले 100 में से 95 मैसेज पहुँच गए। असल से कम कभी नहीं; 12.3 % और 1 मि॰से॰ तक ज़्यादा।
outcome-propagation-p95-numerator = पहुँचे हुए 100 में से 95 मैसेज का सबसे लंबा समय
outcome-propagation-p99 = 100 में से 99 इतने समय में पहुँचे
outcome-propagation-p99-means = Event मिलने से वह समय जिसमें पहुँचने वाले 100 में से 99 मैसेज पहुँच गए। असल से कम कभी नहीं; 12.3 % और 1 मि॰से॰ तक ज़्यादा।
outcome-propagation-p99-numerator = पहुँचे हुए 100 में से 99 मैसेज का सबसे लंबा समय

outcome-first-attempt-success = पहली कोशिश में डिलीवर हुए पार्सल
outcome-first-attempt-success-means = कितने ऑर्डर राइडर के पहली बार जाने पर ही ग्राहक को मिल गए।
outcome-first-attempt-success-numerator = पहली कोशिश में डिलीवर हुए ऑर्डर
outcome-first-attempt-success-denominator = ऑर्डर जिनके लिए राइडर गया
outcome-failed-deliveries = डिलीवरी की नाकाम कोशिशें
outcome-failed-deliveries-means = कितनी बार राइडर गया पर पार्सल डिलीवर नहीं कर सका।
outcome-failed-deliveries-numerator = बिना डिलीवरी वाली कोशिशें
outcome-failed-customer = ग्राहक की वजह से नाकाम
outcome-failed-customer-means = ग्राहक नहीं मिले, जवाब नहीं आया, या उन्हें पार्सल नहीं चाहिए था।
outcome-failed-customer-numerator = ग्राहक की वजह से नाकाम कोशिशें
outcome-failed-customer-denominator = सभी नाकाम कोशिशें
outcome-failed-address = पते की वजह से नाकाम
outcome-failed-address-means = पता ग़लत या अधूरा था, या मिला नहीं।
outcome-failed-address-numerator = पते की वजह से नाकाम कोशिशें
outcome-failed-address-denominator = सभी नाकाम कोशिशें
outcome-failed-payment = पेमेंट की वजह से नाकाम
outcome-failed-payment-means = ग्राहक पैसे नहीं दे सके या देना नहीं चाहते थे।
outcome-failed-payment-numerator = पेमेंट की वजह से नाकाम कोशिशें
outcome-failed-payment-denominator = सभी नाकाम कोशिशें
outcome-failed-verification = कोड की वजह से नाकाम
outcome-failed-verification-means = ग्राहक कोड या अपनी पहचान नहीं दिखा सके।
outcome-failed-verification-numerator = कोड की वजह से नाकाम कोशिशें
outcome-failed-verification-denominator = सभी नाकाम कोशिशें
outcome-failed-carrier = लॉजिस्टिक्स कंपनी की वजह से नाकाम
outcome-failed-carrier-means = गड़बड़ गाड़ी, राइडर या रूट की थी।
outcome-failed-carrier-numerator = लॉजिस्टिक्स कंपनी की वजह से नाकाम कोशिशें
outcome-failed-carrier-denominator = सभी नाकाम कोशिशें
outcome-failed-other = किसी और वजह से नाकाम
outcome-failed-other-means = ऊपर की कोई वजह नहीं।
outcome-failed-other-numerator = किसी और वजह से नाकाम कोशिशें
outcome-failed-other-denominator = सभी नाकाम कोशिशें
outcome-rto = वापस आए पार्सल (RTO)
outcome-rto-means = कितने ऑर्डर डिलीवर हुए बिना आपके पास लौटे।
outcome-rto-numerator = ऑर्डर जो डिलीवर हुए बिना वापस चले
outcome-rto-denominator = ये, और डिलीवर हुए ऑर्डर

outcome-instructions-given = नाकाम कोशिशें जिन पर जवाब आया
outcome-instructions-given-means = कितनी नाकाम कोशिशों के बाद ग्राहक ने, आपने या हमने बताया कि अब क्या करना है।
outcome-instructions-given-numerator = जवाब वाली नाकाम कोशिशें
outcome-instructions-given-denominator = सभी नाकाम कोशिशें
outcome-instructions-accepted = माने गए जवाब
outcome-instructions-accepted-means = इनमें से कितने जवाब लॉजिस्टिक्स कंपनी ने माने।
outcome-instructions-accepted-numerator = नाकाम कोशिशें जिनका जवाब माना गया
outcome-instructions-accepted-denominator = जवाब वाली नाकाम कोशिशें
outcome-delivered-after-instruction = जवाब मिलने पर, अगली कोशिश में डिलीवर
outcome-delivered-after-instruction-means = दोबारा डिलीवरी का जवाब माने जाने पर अगली कोशिश कितनी बार सफल रही।
outcome-delivered-after-instruction-numerator = इनमें से अगली कोशिश में डिलीवर हुए पार्सल
outcome-delivered-after-instruction-denominator = नाकाम कोशिशें जिनका दोबारा डिलीवरी का जवाब माना गया और ऑर्डर आगे बढ़ा
outcome-delivered-without-instruction = बिना जवाब के, अगली कोशिश में डिलीवर
outcome-delivered-without-instruction-means = जवाब न मिलने पर अगली कोशिश कितनी बार सफल रही।
outcome-delivered-without-instruction-numerator = इनमें से अगली कोशिश में डिलीवर हुए पार्सल
outcome-delivered-without-instruction-denominator = बिना जवाब की नाकाम कोशिशें जिनका ऑर्डर आगे बढ़ा
outcome-redeliveries-avoided = डिलीवरी की बचाई गई कोशिशें
outcome-redeliveries-avoided-means = अनुमान: कहने पर बिना नई कोशिश के लौटाए गए पार्सल, और जवाबों के बाद आपकी बिना जवाब वाली दर से ज़्यादा हुई डिलीवरी। माना गया है कि जवाब देने वाले बाक़ी जैसे हैं। हर नाकाम कोशिश पर जवाब मिला हो, तो पता नहीं।
outcome-redeliveries-avoided-numerator = कहने पर लौटाए गए पार्सल और माने गए जवाबों के बाद की डिलीवरी, घटा (माने गए जवाब × बिना जवाब डिलीवर होने का हिस्सा)
outcome-redelivery-cost-avoided = डिलीवरी में बचे पैसे
outcome-redelivery-cost-avoided-means = अनुमान: बचाई गई कोशिशों का ख़र्च, आपके लिए आज तय एक कोशिश के ख़र्च से। ख़र्च तय न हो तो पता नहीं।
outcome-redelivery-cost-avoided-numerator = बचाई गई कोशिशें × एक कोशिश का ख़र्च

outcome-wismo-calls-per-100-orders = हर 100 ऑर्डर पर “मेरा ऑर्डर कहाँ है?” वाली कॉल
outcome-wismo-calls-per-100-orders-means = हर 100 नए ऑर्डर पर कितने ग्राहकों ने फ़ोन करके पूछा कि ऑर्डर कहाँ है। गिनती कॉल सेंटर की है।
outcome-wismo-calls-per-100-orders-numerator = जिन दिनों की संख्या पता है, उनकी कॉल
outcome-wismo-calls-per-100-orders-denominator = उन्हीं दिनों के नए ऑर्डर
outcome-sms-sent = भेजे गए SMS
outcome-sms-sent-means = Events के बारे में ग्राहकों को भेजे गए SMS। कोड और याद दिलाने वाले SMS नहीं।
outcome-sms-sent-numerator = SMS जो Twilio ने लिए
outcome-sms-parts = उन SMS के हिस्से
outcome-sms-parts-means = लंबा SMS कई हिस्सों में जाता है, और पैसे हर हिस्से के लगते हैं।
outcome-sms-parts-numerator = Twilio ने जो SMS लिए, उनके हिस्से
outcome-sms-cost = उन SMS का ख़र्च
outcome-sms-cost-means = हिस्से, आपके लिए आज तय दाम पर। दाम तय न हो तो पता नहीं।
outcome-sms-cost-numerator = हिस्से × एक हिस्से का दाम

outcomes-unchanged = उतना ही
outcomes-more = +{ $amount }
outcomes-less = −{ $amount }
outcomes-points = { $points } पॉइंट

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
