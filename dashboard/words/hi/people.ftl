# साइन इन, न्योते और दुकान की टीम।

sign-in = साइन इन करें
sign-out = साइन आउट करें
sign-in-refused = ईमेल या पासवर्ड ग़लत है, या बहुत बार कोशिश हो चुकी है: तब पंद्रह मिनट बाद फिर कोशिश करें।
sign-in-forgotten = पासवर्ड भूल गए?
sign-in-invited = न्योता मिला है पर पासवर्ड अभी नहीं बना? न्योते में आया लिंक खोलें, या जिन्होंने आपको बुलाया था उनसे नया माँगें।
sign-in-lost = पासवर्ड अभी नहीं बना, या भूल गए? जिन्होंने आपको बुलाया था, वे आपको नया लिंक भेज सकते हैं।
email = ईमेल
password = पासवर्ड
password-new = अपना पासवर्ड चुनें
password-again = वही पासवर्ड एक बार और
password-hint = कम से कम { $shortest } अक्षर। कुछ शब्द एक साथ लिखें, तो याद रखना आसान होता है।
password-length = कम से कम { $shortest } अक्षर का पासवर्ड चुनें।
password-common = यह पासवर्ड बहुत लोग रखते हैं। कोई और चुनें, जैसे कुछ शब्द एक साथ।
password-differs = दोनों पासवर्ड एक जैसे नहीं हैं।

invitation-title = आपका स्वागत है
invitation-for = { $name }, आपको { $place } के डैशबोर्ड पर बुलाया गया है।
invitation-accept = पासवर्ड रखें और साइन इन करें

forgotten-title = पासवर्ड भूल गए?
forgotten-lead = जिस ईमेल से आप साइन इन करते हैं, वह लिखें। हम उस पर नया पासवर्ड चुनने का लिंक भेजेंगे।
forgotten-send = मुझे लिंक भेजें
forgotten-sent = अगर इस पते से कोई साइन इन करता है, तो लिंक उस पर आ रहा है। यह एक ही बार चलता है, { $minutes } मिनट तक।
forgotten-nothing = कुछ नहीं आया? स्पैम फ़ोल्डर में देखें, और पता जाँच लें।
forgotten-back = वापस साइन इन पर

reset-title = नया पासवर्ड चुनें
reset-for = { $name }, { $place } के डैशबोर्ड के लिए नया पासवर्ड चुनें। आप हर जगह से साइन आउट हो जाएँगे।
reset-set = पासवर्ड रखें
done-password-reset = आपका पासवर्ड बदल गया। अब उसी से साइन इन करें।

portal-title = ऑर्डर ट्रैकिंग
portal-explained = इससे { $place } का डिलीवरी डैशबोर्ड खुलता है। यह लिंक एक ही बार चलता है।
portal-enter = { $place } का डैशबोर्ड खोलें

account-title = आपका अकाउंट
account-who = आप { $name } ({ $role }) के नाम से साइन इन हैं।
account-sessions = { $count ->
    [one] आप सिर्फ़ यहीं साइन इन हैं, और कहीं नहीं।
   *[other] आप { $count } जगह साइन इन हैं।
  }
account-sign-out-elsewhere = बाक़ी सब जगह से साइन आउट करें
account-reset-password = नया पासवर्ड
account-new-password = नए पासवर्ड के लिए उनसे नया लिंक माँगें जिन्होंने आपको बुलाया था।
account-portal = आप मर्चेंट पोर्टल से आए हैं; यह साइन इन आठ घंटे के अंदर अपने आप ख़त्म हो जाएगा।
done-signed-out-elsewhere = आप बाक़ी सब जगह से साइन आउट हो गए हैं।

role-ops = सपोर्ट टीम
role-owner = मालिक
role-member = सदस्य
role-member-means = सब कुछ देख सकते हैं, दोबारा कोशिश और दोबारा भेज सकते हैं, टेस्ट events भेज सकते हैं।
role-owner-means = endpoints, SMS, सेटिंग, API keys और टीम भी बदल सकते हैं।

people-title = टीम
people-lead = यहाँ कौन-कौन साइन इन कर सकता है।
people-name = नाम
people-role = भूमिका
people-last = पिछला साइन इन
people-invited = न्योता भेजा गया
people-none = यहाँ अभी किसी का अकाउंट नहीं है
people-none-hint = नीचे लोगों को न्योता दें, ताकि हर कोई अपने नाम से साइन इन करे।
people-none-but-visits = अभी किसी का अपना अकाउंट नहीं है। जो यहाँ हैं वे मर्चेंट पोर्टल से आए हैं, जैसा नीचे लिखा है।
people-mail-refused = ईमेल नहीं पहुँचा
people-mail-refused-why = मेल सर्वर यह पता नहीं लेता ({ $code }), इसलिए वहाँ कुछ नहीं भेजा जाता। क्या पता सही है?
people-mail-again = फिर से मेल करें
done-mailed-again = इस पते पर फिर से मेल जाएँगे।
people-remove = हटाएँ
people-remove-ask = { $name } को हटाएँ? वे तुरंत साइन आउट हो जाएँगे।
people-invite = न्योता दें
people-invite-by-mail = उन्हें ईमेल पर लिंक मिलेगा। किसी सदस्य को नया लिंक भेजना हो तो उन्हें फिर से न्योता दें; जो पासवर्ड भूल जाएँ, वे साइन इन पेज से ख़ुद लिंक मँगा सकते हैं।
people-mailed = { $days ->
    [one] { $email } पर लिंक जा रहा है। यह एक ही बार चलता है, एक दिन तक।
   *[other] { $email } पर लिंक जा रहा है। यह एक ही बार चलता है, { $days } दिन तक।
  }
people-invite-hint = आपको एक लिंक मिलेगा, उसे आगे भेजें। किसी सदस्य को नया पासवर्ड देना हो तो उन्हें फिर से न्योता दें; मालिक अपना पासवर्ड भूल जाएँ तो हमसे कहें।
people-link = { $days ->
    [one] यह लिंक आगे भेजें। यह सिर्फ़ अभी दिख रहा है, एक ही बार चलता है, और एक दिन तक।
   *[other] यह लिंक आगे भेजें। यह सिर्फ़ अभी दिख रहा है, एक ही बार चलता है, और { $days } दिन तक।
  }
done-removed = हटा दिया गया।
people-remove-with-keys = हटाएँ, और उनकी API keys भी बंद करें
people-remove-with-keys-ask = { $name } को हटाएँ, और उनकी बनाई API keys भी बंद करें? जो भी उन keys से चलता है, वह रुक जाएगा।
people-sessions = अभी साइन इन हैं
people-visit = मर्चेंट पोर्टल से
people-visits-hint = जो मर्चेंट पोर्टल से आए हैं, उनका यहाँ अकाउंट नहीं है; ऐसी विज़िट आठ घंटे के अंदर अपने आप ख़त्म हो जाती है।
people-visit-you = आप
people-visit-end = साइन आउट करें
people-portal = लोगों को न्योता देने या API key बनाने के लिए अपने न्योते से साइन इन करें।
done-visit-ended = वे साइन आउट हो गए।
