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
and-more = और { $count } अन्य
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
    [one] एक संदेश नहीं पहुँचा और रुका है
   *[other] { $count } संदेश नहीं पहुँचे और रुके हैं
  }
failed-deliveries-many = { $count } दुकानों में न पहुँचे संदेश रुके हैं
failed-deliveries-text = अपने आप होने वाली सभी कोशिशें नाकाम रहीं, इसलिए अब अपने आप कुछ नहीं भेजा जाएगा। उन्हें दोबारा भेजें या हटा दें; 14 दिन बाद वे ख़त्म हो जाते हैं।
failed-deliveries-do = न पहुँचे संदेश देखें

sms-suspended-subject = SMS रुके हुए हैं
sms-suspended-many = SMS { $count } वजहों से रुके हुए हैं
sms-suspended-text = तब तक कोई SMS नहीं जाता। जो रुके हैं वे फिर शुरू होने पर भेजे जाएँगे, अगर ग्राहक के काम के रहे।
sms-suspended-do = देखें कि क्यों, और क्या रुका है

instructions-unanswered-subject = { $count ->
    [one] एक नाकाम डिलीवरी आपके जवाब की राह देख रही है
   *[other] { $count } नाकाम डिलीवरी आपके जवाब की राह देख रही हैं
  }
instructions-unanswered-many = { $count } दुकानों में नाकाम डिलीवरी जवाब की राह देख रही हैं
instructions-unanswered-text = राइडर आया पर पार्सल नहीं दे सका। बताएँ कि आगे क्या करना है, इससे पहले कि पार्सल बेकार घूमे या लौट जाए।
instructions-unanswered-do = जवाब दें

weekly-outcomes-subject = आपका हफ़्ता { $week } आँकड़ों में
weekly-outcomes-many = { $count } दुकानों का हफ़्ता आँकड़ों में
weekly-outcomes-text = { $from } से { $to } तक, हर आँकड़े के साथ पिछले हफ़्ते का आँकड़ा।
weekly-outcomes-do = देखें कि ये किससे बने हैं

invitation-subject = आपको { $place } के डैशबोर्ड पर बुलाया गया है
invitation-text = { $by } ने आपको बुलाया है। पासवर्ड चुनें और अंदर आएँ। लिंक एक ही बार चलता है, सात दिन तक; अगर आपको पता नहीं कि यह क्या है, तो कुछ न करें।
invitation-do = पासवर्ड चुनें

password-reset-subject = नया पासवर्ड चुनें
password-reset-text = किसी ने आपके अकाउंट के लिए नया पासवर्ड माँगा है, उम्मीद है आपने ही। लिंक एक ही बार चलता है, 30 मिनट तक। अगर आपने नहीं माँगा, तो कुछ न करें: पासवर्ड वही रहेगा।
password-reset-do = नया पासवर्ड चुनें

password-changed-subject = आपका पासवर्ड बदल गया
password-changed-text = आप बाक़ी सब जगह से साइन आउट हो गए हैं। अगर यह आपने नहीं किया, तो तुरंत नया पासवर्ड माँगें और अपनी टीम के ज़िम्मेदार को बताएँ।
password-changed-do = देखें कि आप कहाँ साइन इन हैं

role-changed-subject = अब आपकी भूमिका है: { $after }
role-changed-text = पहले थी: { $before }। अगर यह सही नहीं है, तो { $by } से पूछें।
role-changed-do = अपना अकाउंट देखें

key-changed-subject = { $change ->
    [made] नई API key बनी: { $what }
   *[revoked] API key रद्द हुई: { $what }
  }
key-changed-text = { $change ->
    [made] जिसके पास यह है, वह इससे उतना कर सकता है जितने की इसे इजाज़त है। अगर आपमें से किसी ने इसे नहीं बनाया, तो इसे तुरंत रद्द करें।
   *[revoked] अब इससे कुछ नहीं खुलता। जो इसका इस्तेमाल करता था, वह काम नहीं करेगा।
  }
key-changed-do = API keys देखें

endpoint-url-changed-subject = Webhooks अब { $host } पर जाते हैं
endpoint-url-changed-text = अब तक वे { $before } पर जाते थे। अगर आपमें से किसी ने यह नहीं चाहा, तो तुरंत सही URL वापस रखें और endpoint को नया secret दें।
endpoint-url-changed-do = endpoint देखें

contact-phone-changed-subject = { $change ->
    [removed] संपर्क का फ़ोन नंबर हटा दिया गया
   *[changed] संपर्क का फ़ोन नंबर बदल गया
  }
contact-phone-changed-text = { $change ->
    [removed] जो रुक नहीं सकता, वह अब SMS से नहीं बताया जाएगा।
   *[changed] जो रुक नहीं सकता, वह वहाँ SMS से बताया जाएगा, जब कोड से पुष्टि हो जाए।
  }
contact-phone-changed-do = सेटिंग देखें

second-factor-changed-subject = { $what ->
    [second-factor-enabled] आपके साइन इन में दूसरा चरण जुड़ा
    [second-factor-locked] आपके साइन इन में बहुत बार ग़लत कोड आया
    [recovery-code-used] साइन इन के लिए एक रिकवरी कोड इस्तेमाल हुआ
   *[other] आपके साइन इन का दूसरा चरण बदला गया
    [second-factor-disabled] आपके साइन इन का दूसरा चरण बंद हुआ
    [second-factor-reset] आपके साइन इन का दूसरा चरण हटाया गया
  }
second-factor-changed-text = अगर यह आपने या आपके कहने पर किसी ने नहीं किया, तो तुरंत अपना पासवर्ड बदलें और अपनी टीम के ज़िम्मेदार को बताएँ।
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

type-order-confirmed = ऑर्डर पक्का हुआ
type-out-for-delivery = डिलीवरी के लिए निकला
type-delivered = डिलीवर हुआ
type-delivery-failed = डिलीवरी नहीं हो पाई
type-return-initiated = वापसी शुरू हुई

role-ops = सपोर्ट टीम
role-owner = मालिक
role-member = सदस्य

answer-http = HTTP { $status }
answer-timeout = समय पर जवाब नहीं आया
answer-tls = सुरक्षित कनेक्शन (TLS) नहीं बन सका
answer-connection = कनेक्शन नहीं बना, या टूट गया
answer-dns = होस्ट का नाम नहीं मिला
answer-resolver = हमारे अपने name server ने जवाब नहीं दिया
answer-protocol = जवाब सही HTTP नहीं था
answer-forbidden-address = होस्ट ऐसे पते पर ले जाता है जिसकी इजाज़त नहीं है
answer-invalid-url = URL इस्तेमाल नहीं हो सकता
answer-other = नाकाम ({ $code })

figure-events-accepted = लिए गए events
figure-delivered-within-policy = तय कोशिशों में पहुँचे संदेश
figure-delivered-within-90-s = 90 सेकंड में पहुँचे संदेश
figure-delivered-in-the-end = आख़िरकार पहुँचे संदेश
figure-first-attempt-success = पहली कोशिश में डिलीवर हुए पार्सल
figure-rto = लौट गए ऑर्डर (RTO)
figure-wismo-calls-per-100-orders = हर 100 ऑर्डर पर "मेरा ऑर्डर कहाँ है?" कॉल
figure-redeliveries-avoided = बची हुई दोबारा डिलीवरी
figure-redelivery-cost-avoided = दोबारा डिलीवरी का बचा ख़र्च

footer-optional = यह आपको इसलिए मिला क्योंकि आप यहाँ की डिलीवरी देखते हैं।
footer-preferences = चुनें कि आपको क्या बताया जाए
footer-account = यह आपके अकाउंट या उसकी सुरक्षा के बारे में है, इसलिए इसे बंद नहीं किया जा सकता।
footer-help = मदद
footer-link = अगर बटन काम न करे, तो यह पता खोलें:
