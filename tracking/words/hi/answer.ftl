# What a customer says after a failed delivery. $shop is the shop's name, $time a time such as
# 6:30 pm, $day a day such as Saturday, 28 November.

ask = हम आपके पार्सल का क्या करें?
ask-else = कुछ और चाहिए?
ask-until-today = आप हमें आज { $time } तक बता सकते हैं।
ask-until-tomorrow = आप हमें कल { $time } तक बता सकते हैं।
ask-until-day = आप हमें { $day } तक बता सकते हैं।
too-late = अब इस डिलीवरी में बदलाव नहीं हो सकता।

action-reattempt = अगली डिलीवरी के साथ फिर से लाएँ
action-reschedule = किसी और दिन लाएँ
action-change-address = दूसरे पते पर लाएँ या दूसरे फ़ोन पर कॉल करें
action-hold = मेरे लिए डिलीवरी सेंटर पर रखें
action-return = वापस भेज दें: मुझे अब नहीं चाहिए

said-by-customer = आपने यह करने को कहा है
said-by-shop = { $shop } ने यह करने को कहा है
said-open = हमने आगे बता दिया है। जवाब यहीं दिखेगा।
said-accepted = यह पक्का हो गया है।
said-accepted-today = यह पक्का हो गया है: हम आज { $time } तक आएँगे।
said-accepted-tomorrow = यह पक्का हो गया है: हम कल { $time } तक आएँगे।
said-accepted-day = यह पक्का हो गया है: हम { $day } को आएँगे।
said-rejected = यह नहीं हो सकता।
said-reason = वजह: { $reason }
awaits-code = आपका बदलाव उस कोड के इंतज़ार में है जो हमने SMS से भेजा है।
enter-code = कोड डालें
notice-changed = अब यह नहीं हो सकता। अभी की स्थिति यह है।

near-today = आज
near-tomorrow = कल
day-today = आज, { $day }
day-tomorrow = कल, { $day }
slot-any = { $day }, किसी भी समय
slot-morning = { $day }, सुबह 9 से दोपहर 12 बजे
slot-afternoon = { $day }, दोपहर 12 से शाम 4 बजे
slot-evening = { $day }, शाम 4 से रात 8 बजे
when = हम कब आएँ?
when-soonest = जितनी जल्दी हो सके

code-needed = इसके लिए हम ऑर्डर वाले फ़ोन पर SMS से एक कोड भेजेंगे। सिर्फ़ वही भरें जो बदलना है।
new-address = नया पता
line1 = मकान और गली
line2 = इलाक़ा (ज़रूरत हो तो)
city = शहर
state = राज्य (ज़रूरत हो तो)
pincode = पिन कोड
landmark = लैंडमार्क, जिससे पता आसानी से मिले
phone = फ़ोन जिस पर राइडर कॉल करे
comment = राइडर के लिए नोट (ज़रूरत हो तो)
send = भेजें
back = अपने पार्सल पर वापस जाएँ

fault-title = जहाँ निशान है, कृपया उसे जाँचें।
fault-when = कृपया दिए गए दिन और समय में से एक चुनें।
fault-address = कृपया मकान और गली, शहर और पिन कोड दें; या सिर्फ़ लैंडमार्क; या सिर्फ़ फ़ोन।
fault-pincode = पिन कोड में छह अंक होते हैं।
fault-phone = कृपया दस अंकों का फ़ोन नंबर दें।
fault-too-long = यह बहुत लंबा है: कृपया कम शब्दों में लिखें।
fault-text = कृपया इसे सादे अक्षरों और अंकों में लिखें।
fault-code = { $left ->
    [0] यह कोड सही नहीं है, और कोई मौक़ा नहीं बचा। दूसरा कोड मँगाएँ।
    [one] यह कोड सही नहीं है। एक मौक़ा बचा है।
   *[other] यह कोड सही नहीं है। { $left } मौक़े बचे हैं।
  }

code-title = कोड डालें
code-sent = हमने ऑर्डर वाले फ़ोन पर SMS से छह अंकों का कोड भेजा है। यह 10 मिनट तक मान्य है।
code-label = कोड
code-confirm = पक्का करें
code-again = मुझे दूसरा कोड भेजें
code-over = यह कोड पुराना हो गया है, या बहुत बार आज़माया गया। दूसरा कोड मँगाएँ।
code-not-sent = कोड SMS से नहीं भेजा जा सका। कृपया { $shop } को कॉल करें।

message-forged = कृपया इसे फिर से भेजें
message-forged-text = अपने ऑर्डर के सबसे नए SMS से पेज फिर खोलें और वहीं से भेजें।
message-enough-today = आज के लिए इतना काफ़ी है
message-enough-today-text = आज यह बहुत बार किया जा चुका है। कुछ नहीं बदला है। कल फिर कोशिश करें, या दुकान से पूछें।
message-not-taken = यह दर्ज नहीं हो सका
message-not-taken-text = कुछ नहीं बदला है। कृपया थोड़ी देर बाद फिर से भेजें।
