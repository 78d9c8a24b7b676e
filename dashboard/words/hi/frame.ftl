# हर पेज के चारों ओर।
#
# Terms of the Hindi words, kept to in every file:
#   shop दुकान · your shop's people टीम · member सदस्य · owner मालिक · our support team हमारी सपोर्ट टीम
#   order ऑर्डर · parcel पार्सल · customer ग्राहक · rider राइडर · delivery centre डिलीवरी सेंटर
#   update अपडेट · message मैसेज · SMS SMS · OTP OTP · COD COD · AWB AWB · PIN code पिन कोड · phone फ़ोन (number: फ़ोन नंबर)
#   sent भेजा गया / चला गया · failed फ़ेल · queued कतार में · on hold रुका हुआ · sending भेजा जा रहा है
#   skipped छोड़ा गया · dismissed हटाया गया · expired समय निकल गया · attempt कोशिश
#   confirmed कन्फ़र्म · out for delivery डिलीवरी के लिए निकला · delivered डिलीवर हुआ
#   delivery failed डिलीवरी नहीं हुई · undelivered parcel जो पार्सल डिलीवर नहीं हुआ · returned वापस आया · RTO RTO
#   Developers' words stay in Latin letters: webhook, endpoint, payload, event, API key, URL, header, secret, CSV, JSON.
#   settings सेटिंग · activity log एक्टिविटी लॉग · report रिपोर्ट · overview ओवरव्यू · template टेम्पलेट · sender ID सेंडर ID
#   retry दोबारा कोशिश · resend दोबारा भेजें · pause रोकें · resume फिर चालू करें · on चालू · off बंद · save सेव करें
#   opt-out SMS बंद करवाना · link लिंक · sign in साइन इन · sign out साइन आउट · password पासवर्ड
# The reader is आप; buttons are polite imperatives (सेव करें, भेजें); sentences end with ।

language-label = इन पेजों की भाषा
skip-to-content = सीधे मुख्य हिस्से पर जाएँ
nav-label = पेज
nav-overview = ओवरव्यू
nav-orders = ऑर्डर
nav-undelivered = डिलीवर नहीं हुए पार्सल
nav-failed = फ़ेल अपडेट
nav-failed-short = फ़ेल
nav-sms = ग्राहकों को SMS
nav-sms-channel = SMS
nav-reports = रिपोर्ट
nav-developer = डेवलपर
nav-endpoints = Endpoints
nav-events = Events
nav-keys = API keys
nav-notification-webhook = सूचना webhook
nav-notifications = सूचनाएँ
nav-setting-up = सेटिंग
nav-tracking = ट्रैकिंग पेज
nav-team = टीम
nav-settings = सेटिंग
nav-audit = एक्टिविटी लॉग
nav-partners = Partners
nav-held = रुके हुए
nav-platform = प्लेटफ़ॉर्म
nav-more = और
nav-all-partners = सभी partners
nav-count-failed = फ़ेल
nav-count-held = रुके हुए
account-menu = { $name } का अकाउंट
search-everywhere = खोजें
search-label = ऑर्डर, AWB, फ़ोन और नाम खोजें
search-hint = ऑर्डर, AWB, फ़ोन, नाम
help = मदद
theme-label = पेज हल्के रंग में दिखें या गहरे
theme-system = सिस्टम जैसा
theme-light = हल्का
theme-dark = गहरा
tabs-label = इस पेज के हिस्से
csv = CSV
delta-up = +{ $percent } %
delta-down = −{ $percent } %
delta-same = ±0 %
actions = क्या करना है
ask-yes = हाँ
ask-no = रहने दें
form-fault = { $field }: { $fault }
copy = कॉपी करें
copied = कॉपी हो गया
pager-label = सूची के पेज
pager-first = सबसे नए पर वापस
pager-next = और पुराने

failure-home = डैशबोर्ड पर वापस
failure-not-found-title = ऐसा कोई पेज नहीं है
failure-not-found = हो सकता है पता ग़लत लिखा गया हो, या वह चीज़ अब यहाँ न हो।
failure-forbidden-title = यह सिर्फ़ मालिक कर सकते हैं
failure-forbidden = इस अकाउंट के मालिक से यह करवाएँ, या उनसे कहें कि आपको मालिक बना दें।
failure-forged-title = इस फ़ॉर्म का समय निकल गया
failure-forged = कुछ भी बदला नहीं गया। पेज फिर से खोलें और फ़ॉर्म वहीं से भेजें।
failure-refused-title = यह अभी नहीं हो सकता
failure-refused = कुछ भी बदला नहीं गया।
failure-too-large-title = यह बहुत बड़ा है
failure-too-large = इसमें से कुछ भी नहीं लिया गया। एक बार में कम भेजें।
failure-away-title = थोड़ी देर बाद फिर कोशिश करें
failure-away = एक ज़रूरी हिस्सा अभी जवाब नहीं दे रहा। कुछ भी बदला नहीं गया, और कोई event खोया नहीं है।
failure-ours-title = हमारी तरफ़ से कुछ गड़बड़ हुई
failure-ours = कुछ भी बदला नहीं गया। यह हमारे लॉग में है; फिर हो तो हमें बताएँ कि कब हुआ।

link-used-title = यह लिंक पहले ही इस्तेमाल हो चुका है
link-used = यह एक ही बार चलता है।
link-ended-title = यह लिंक अब नहीं चलता
link-ended = इसका समय निकल गया, या यह पूरा नहीं है।
link-again-invitation = अपने पासवर्ड से साइन इन करें; अभी पासवर्ड न हो, तो जिन्होंने आपको बुलाया उनसे नया लिंक माँगें।
link-again-password-reset = ज़रूरत हो तो साइन इन पेज से नया लिंक मँगाएँ।
link-again-portal = अपने मर्चेंट पोर्टल पर वापस जाएँ और वहाँ से डैशबोर्ड फिर खोलें।
link-sign-in = साइन इन करें
