# सूचनाओं के ईमेल।

of-partner = { $partner }: { $said }
at-partners = { $count ->
    [one] { $said }, एक दुकान में
   *[other] { $said }, { $count } दुकानों में
  }
and-others = { $count ->
    [one] { $said }, और एक बात
   *[other] { $said }, और { $count } बातें
  }
greeting = नमस्ते { $name },
and-more = और { $count }
see-all = सब देखें
ops = हमारी सपोर्ट टीम

endpoint-failing-subject = { $host } का endpoint काम नहीं कर रहा
endpoint-failing-many = { $count } endpoints काम नहीं कर रहे
endpoint-failing-text = वह webhooks नहीं ले रहा। नए webhooks रोककर रखे जाते हैं, कोई खोता नहीं, और हम जाँचते रहते हैं: ठीक जवाब मिलते ही वे भेज दिए जाएँगे।
endpoint-failing-do = देखें कि उसने क्या जवाब दिया

endpoint-recovered-subject = { $host } का endpoint फिर काम कर रहा है
endpoint-recovered-many = { $count } endpoints फिर काम कर रहे हैं
endpoint-recovered-text = वह फिर webhooks ले रहा है। जो रुका था वह भेजा जा रहा है; आपको कुछ नहीं करना है।
endpoint-recovered-do = देखें कि वह कैसा चल रहा है

endpoint-disabled-soon-subject = { $host } का endpoint जल्द बंद हो जाएगा
endpoint-disabled-soon-many = { $count } endpoints जल्द बंद हो जाएँगे
endpoint-disabled-soon-text = चार दिन से उसने एक भी ठीक जवाब नहीं दिया। ऐसा ही रहा तो वह नीचे लिखे समय पर बंद हो जाएगा, और जब तक कोई उसे चालू न करे, उसे कुछ नहीं मिलेगा।
endpoint-disabled-soon-do = देखें कि उसने क्या जवाब दिया

endpoint-disabled-subject = { $host } का endpoint बंद कर दिया गया
endpoint-disabled-many = { $count } endpoints बंद कर दिए गए
endpoint-disabled-text = उसे अब कुछ नहीं भेजा जाता; नए webhooks रोककर रखे जाते हैं। उसे ठीक करें, चालू करें, फिर जो छूट गया वह दोबारा भेजा जा सकता है।
endpoint-disabled-do = ठीक करके चालू करें

failed-deliveries-subject = { $count ->
    [one] एक फ़ेल अपडेट रुका है
   *[other] { $count } फ़ेल अपडेट रुके हैं
  }
failed-deliveries-many = { $count } दुकानों में फ़ेल अपडेट रुके हैं
failed-deliveries-text = अपने आप होने वाली सभी कोशिशें फ़ेल हुईं, इसलिए अब अपने आप कुछ नहीं भेजा जाएगा। उन्हें दोबारा भेजें या हटा दें; 14 दिन बाद उनका समय निकल जाता है।
failed-deliveries-do = फ़ेल अपडेट देखें

sms-suspended-subject = SMS रुके हुए हैं
sms-suspended-many = SMS { $count } वजहों से रुके हुए हैं
sms-suspended-text = तब तक कोई SMS नहीं जाता। जो रुके हैं वे फिर चालू होने पर भेजे जाएँगे, अगर तब भी ग्राहक के काम के हों।
sms-suspended-do = देखें कि क्यों, और क्या रुका है

instructions-unanswered-subject = { $count ->
    [one] डिलीवर नहीं हुआ एक पार्सल आपके जवाब के इंतज़ार में है
   *[other] डिलीवर नहीं हुए { $count } पार्सल आपके जवाब के इंतज़ार में हैं
  }
instructions-unanswered-many = { $count } दुकानों में डिलीवर नहीं हुए पार्सल जवाब के इंतज़ार में हैं
instructions-unanswered-text = राइडर आया पर पार्सल नहीं दे सका। बताएँ कि आगे क्या करना है, इससे पहले कि पार्सल बेकार घूमे या लौट जाए।
instructions-unanswered-do = जवाब दें

weekly-outcomes-subject = आपके हफ़्ते { $week } के आँकड़े
weekly-outcomes-many = { $count } दुकानों के हफ़्ते के आँकड़े
weekly-outcomes-text = { $from } से { $to } तक, हर आँकड़े के साथ पिछले हफ़्ते का आँकड़ा।
weekly-outcomes-do = देखें कि ये कैसे बने

invitation-subject = आपको { $place } के डैशबोर्ड पर बुलाया गया है
invitation-text = { $by } ने आपको बुलाया है। पासवर्ड चुनें और अंदर आएँ। लिंक एक ही बार चलता है, सात दिन तक; अगर आपको पता नहीं कि यह क्या है, तो कुछ न करें।
invitation-do = पासवर्ड चुनें

password-reset-subject = नया पासवर्ड चुनें
password-reset-text = किसी ने आपके अकाउंट के लिए नया पासवर्ड माँगा है, उम्मीद है आपने ही। लिंक एक ही बार चलता है, 30 मिनट तक। अगर आपने नहीं माँगा, तो कुछ न करें: पासवर्ड वही रहेगा।
password-reset-do = नया पासवर्ड चुनें

password-changed-subject = आपका पासवर्ड बदल गया
password-changed-text = आप बाक़ी सब जगह से साइन आउट हो गए हैं। अगर यह आपने नहीं किया, तो तुरंत नया पासवर्ड माँगें और उन्हें बताएँ जो आपकी टीम सँभालते हैं।
password-changed-do = देखें कि आप कहाँ साइन इन हैं

role-changed-subject = अब आपकी भूमिका है: { $after }
role-changed-text = पहले थी: { $before }। अगर यह सही नहीं है, तो { $by } से पूछें।
role-changed-do = अपना अकाउंट देखें

key-changed-subject = { $change ->
    [made] नई API key बनी: { $what }
   *[revoked] API key बंद हुई: { $what }
  }
key-changed-text = { $change ->
    [made] जिसके पास यह है, वह इससे उतना कर सकता है जितने की इसे इजाज़त है। अगर आपमें से किसी ने इसे नहीं बनाया, तो इसे तुरंत बंद करें।
   *[revoked] अब इससे कुछ नहीं खुलता। जो भी इससे चलता था, वह रुक जाएगा।
  }
key-changed-do = API keys देखें

endpoint-url-changed-subject = Webhooks अब { $host } पर जाते हैं
endpoint-url-changed-text = अब तक वे { $before } पर जाते थे। अगर यह आपमें से किसी ने नहीं करवाया, तो तुरंत सही URL वापस डालें और endpoint का secret बदलें।
endpoint-url-changed-do = Endpoint देखें

contact-phone-changed-subject = { $change ->
    [removed] संपर्क नंबर हटा दिया गया
   *[changed] संपर्क नंबर बदल गया
  }
contact-phone-changed-text = { $change ->
    [removed] ज़रूरी ख़बरें अब SMS से नहीं आएँगी।
   *[changed] कोड से पुष्टि होने के बाद ज़रूरी ख़बरें उसी नंबर पर SMS से आएँगी।
  }
contact-phone-changed-do = सेटिंग देखें

second-factor-changed-subject = { $what ->
    [second-factor-enabled] आपका दो चरण वाला साइन इन चालू हुआ
    [second-factor-locked] आपके साइन इन में बहुत बार ग़लत कोड आया
    [recovery-code-used] साइन इन के लिए एक रिकवरी कोड इस्तेमाल हुआ
   *[other] आपका दो चरण वाला साइन इन बदला गया
    [second-factor-disabled] आपका दो चरण वाला साइन इन बंद हुआ
    [second-factor-reset] आपका दो चरण वाला साइन इन रीसेट किया गया
  }
second-factor-changed-text = अगर यह आपने या आपके कहने पर किसी ने नहीं किया, तो तुरंत अपना पासवर्ड बदलें और उन्हें बताएँ जो आपकी टीम सँभालते हैं।
second-factor-changed-do = अपना अकाउंट देखें

fact-event = आख़िरी event
fact-answer = उसका जवाब
fact-since = कब से
fact-off-at = बंद होने का समय
fact-oldest = सबसे पुराना
fact-reason = क्यों
fact-by = किसने
fact-at = कब
fact-place = दुकान
event-said = { $type }, ऑर्डर { $order }, { $event }
week-before = { $value } (पहले: { $before })

type-order-confirmed = ऑर्डर कन्फ़र्म
type-out-for-delivery = डिलीवरी के लिए निकला
type-delivered = डिलीवर हुआ
type-delivery-failed = डिलीवरी नहीं हुई
type-return-initiated = वापसी शुरू

role-ops = सपोर्ट टीम
role-owner = मालिक
role-member = सदस्य

answer-http = HTTP { $status }
answer-timeout = समय पर जवाब नहीं आया
answer-tls = सुरक्षित कनेक्शन (TLS) नहीं बन सका
answer-connection = कनेक्शन नहीं बन सका, या कट गया
answer-dns = होस्ट का नाम नहीं मिला
answer-resolver = हमारे अपने नेम सर्वर ने जवाब नहीं दिया
answer-protocol = जवाब सही HTTP नहीं था
answer-forbidden-address = होस्ट ऐसे पते पर जाता है जिसकी इजाज़त नहीं
answer-invalid-url = URL नहीं चल सकता
answer-other = फ़ेल ({ $code })

figure-events-accepted = मिले events
figure-delivered-within-policy = तय नियम के अंदर पहुँचे मैसेज
figure-delivered-within-90-s = 90 सेकंड में पहुँचे मैसेज
figure-delivered-in-the-end = आख़िरकार पहुँचे मैसेज
figure-first-attempt-success = पहली कोशिश में डिलीवर हुए पार्सल
figure-rto = वापस आए ऑर्डर (RTO)
figure-wismo-calls-per-100-orders = हर 100 ऑर्डर पर “मेरा ऑर्डर कहाँ है?” वाली कॉल
figure-redeliveries-avoided = डिलीवरी की बचाई गई कोशिशें
figure-redelivery-cost-avoided = डिलीवरी में बचे पैसे

footer-optional = यह आपको इसलिए मिला क्योंकि आप यहाँ की डिलीवरी देखते हैं।
footer-preferences = चुनें कि आपको क्या बताया जाए
footer-account = यह आपके अकाउंट या उसकी सुरक्षा के बारे में है, इसलिए इसे बंद नहीं किया जा सकता।
footer-help = मदद
footer-link = अगर बटन काम न करे, तो यह पता खोलें:
