# The tracking page in Tamil. What the placeholders mean stands in words/en.

order = ஆர்டர்
test-order = இது சோதனை ஆர்டர்: எந்தப் பார்சலும் வரவில்லை.
languages = மொழி
steps = இதுவரை நடந்தவை
offline = இப்போது இணைய இணைப்பு இல்லை. இங்கே உள்ள விவரங்கள் பழையதாக இருக்கலாம்.
keep-private = இந்த இணைப்பை மற்றவர்களுக்குக் கொடுக்க வேண்டாம்: இது உள்ளவர்கள் இந்தப் பக்கத்தைப் பார்க்க முடியும்.
stop-texts = { $shop } ஆர்டர்கள் பற்றிய SMS-ஐ நிறுத்தவும்

state-order-confirmed = உங்கள் ஆர்டர் உறுதி செய்யப்பட்டது
state-out-for-delivery = உங்கள் பார்சல் டெலிவரிக்குப் புறப்பட்டது
state-delivered = உங்கள் பார்சல் டெலிவரி செய்யப்பட்டது
state-delivery-failed = உங்கள் பார்சலை டெலிவரி செய்ய முடியவில்லை
state-return-initiated = உங்கள் பார்சல் திருப்பி அனுப்பப்படுகிறது

step-order-confirmed = ஆர்டர் உறுதி செய்யப்பட்டது
step-out-for-delivery = { $attempt ->
    [1] டெலிவரிக்குப் புறப்பட்டது
   *[other] மீண்டும் டெலிவரிக்குப் புறப்பட்டது (முயற்சி { $attempt })
  }
step-delivered = டெலிவரி செய்யப்பட்டது
step-delivery-failed = டெலிவரி செய்ய முடியவில்லை
step-return-initiated = திருப்பி அனுப்புதல் தொடங்கியது

expected-today = இன்று { $time }-க்குள் வந்து சேரும்
expected-tomorrow = நாளை { $time }-க்குள் வந்து சேரும்
expected-day = { $day } அன்று { $time }-க்குள் வந்து சேரும்
late-today = தாமதமாகிறது: இன்று { $time }-க்குள் வந்திருக்க வேண்டும்
late-yesterday = தாமதமாகிறது: நேற்று { $time }-க்குள் வந்திருக்க வேண்டும்
late-day = தாமதமாகிறது: { $day } அன்று வந்திருக்க வேண்டும்
next-attempt-today = இன்று { $time }-க்குள் மீண்டும் வருவோம்
next-attempt-tomorrow = நாளை { $time }-க்குள் மீண்டும் வருவோம்
next-attempt-day = { $day } அன்று மீண்டும் வருவோம்
delivered-today = இன்று { $time } மணிக்கு டெலிவரி செய்யப்பட்டது
delivered-yesterday = நேற்று { $time } மணிக்கு டெலிவரி செய்யப்பட்டது
delivered-day = { $day } அன்று { $time } மணிக்கு டெலிவரி செய்யப்பட்டது

recipient-customer = பார்சல் நேரில் கொடுக்கப்பட்டது.
recipient-family = குடும்பத்தில் ஒருவரிடம் கொடுக்கப்பட்டது.
recipient-neighbour = பக்கத்து வீட்டாரிடம் கொடுக்கப்பட்டது.
recipient-security = பாதுகாவலரிடம் கொடுக்கப்பட்டது.
recipient-reception = வரவேற்பறையில் கொடுக்கப்பட்டது.
recipient-mailroom = அஞ்சல் அறையில் கொடுக்கப்பட்டது.
recipient-other = முகவரியில் கொடுக்கப்பட்டது.

rider = பார்சலைக் கொண்டு வருபவர்
rider-name = பெயர்
rider-phone = ஃபோன்
vehicle = வாகனம்
vehicle-two-wheeler = இருசக்கர வாகனம்
vehicle-three-wheeler = மூன்று சக்கர வாகனம்
vehicle-four-wheeler = நான்கு சக்கர வாகனம்
vehicle-truck = லாரி
vehicle-other = மற்றவை
to-pay = டெலிவரியின் போது செலுத்த { $amount } தயாராக வைத்திருக்கவும்.

reason-customer-unavailable = பார்சலைப் பெற யாரும் இல்லை.
reason-customer-unreachable = உங்களை ஃபோனில் தொடர்பு கொள்ள முடியவில்லை.
reason-customer-refused = பார்சலைப் பெற மறுக்கப்பட்டது.
reason-customer-cancelled = ஆர்டர் ரத்து செய்யப்பட்டது.
reason-reschedule-requested = வேறொரு நாளில் வரச் சொல்லப்பட்டது.
reason-address-incorrect = முகவரியைக் கண்டுபிடிக்க முடியவில்லை.
reason-customer-moved = இந்தப் பெயரில் யாரும் இந்த முகவரியில் இல்லை என்று கூறப்பட்டது.
reason-access-restricted = கட்டிடத்துக்குள் அல்லது பகுதிக்குள் செல்ல முடியவில்லை.
reason-premises-closed = அந்த இடம் மூடியிருந்தது.
reason-out-of-delivery-area = இந்த முகவரி நாங்கள் டெலிவரி செய்யும் பகுதிக்கு வெளியே உள்ளது.
reason-payment-not-ready = செலுத்த வேண்டிய தொகை தயாராக இல்லை.
reason-otp-unavailable = டெலிவரி குறியீடு (OTP) கிடைக்கவில்லை.
reason-otp-mismatch = டெலிவரி குறியீடு (OTP) பொருந்தவில்லை.
reason-not-attempted = உங்கள் முகவரிக்குச் சரியான நேரத்தில் வர முடியவில்லை.
reason-vehicle-issue = எங்கள் வாகனத்தில் பழுது ஏற்பட்டது.
reason-weather-delay = வானிலை காரணமாக வர முடியவில்லை.
reason-shipment-damaged = வழியில் பார்சல் சேதமடைந்தது.
reason-shipment-lost = பார்சல் எங்கே இருக்கிறது என்று இப்போது தெரியவில்லை.
reason-kind-customer = பார்சலை நேரில் கொடுக்க முடியவில்லை.
reason-kind-address = முகவரியில் சிக்கல் இருந்தது.
reason-kind-payment = பணம் செலுத்துவதில் சிக்கல் இருந்தது.
reason-kind-verification = டெலிவரியைச் சரிபார்க்க முடியவில்லை.
reason-kind-carrier = எங்கள் தரப்பில் தவறு ஏற்பட்டது.
reason-kind-other = டெலிவரி செய்ய முடியவில்லை.

next-reattempt = மீண்டும் முயற்சி செய்வோம்.
next-reschedule = வேறொரு நாளை ஏற்பாடு செய்கிறோம்.
next-hold = பார்சல் இப்போது எங்கள் டெலிவரி மையத்தில் உள்ளது.
next-rto = பார்சல் { $shop } கடைக்குத் திருப்பி அனுப்பப்படும்.
next-none = அடுத்து என்ன என்று { $shop } கடையிடம் கேட்கவும்.

return-rto = பார்சல் { $shop } கடைக்குத் திரும்பிச் செல்கிறது.
return-customer-return = நீங்கள் திருப்பி அனுப்பிய பார்சல் { $shop } கடைக்குச் செல்கிறது.
return-expected-day = { $day }-க்குள் அங்கே சென்று சேரும்.
return-questions = பணத்தைத் திரும்பப் பெறுவது அல்லது புதிய டெலிவரி பற்றி { $shop } கடையிடம் கேட்கவும்.

message-unknown = இந்தப் பக்கம் கிடைக்கவில்லை
message-unknown-text = இணைப்பு முழுமையாக இல்லாமல் இருக்கலாம், அல்லது முடிவடைந்திருக்கலாம். உங்கள் ஆர்டர் பற்றிய கடைசி SMS-இல் இருந்து மீண்டும் திறக்கவும், அல்லது கடையிடம் கேட்கவும்.
message-too-often = சற்றுக் காத்திருக்கவும்
message-too-often-text = இந்தப் பக்கம் மிகவும் அதிகமாகத் திறக்கப்பட்டது. ஒரு நிமிடம் கழித்து மீண்டும் முயலவும்.
message-away = சிறிது நேரம் கழித்து முயலவும்
message-away-text = இந்தப் பக்கத்தை இப்போது காட்ட முடியவில்லை. இதனால் உங்கள் பார்சலுக்கு எந்தப் பாதிப்பும் இல்லை.
