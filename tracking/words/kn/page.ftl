# The tracking page in Kannada. What the placeholders mean stands in words/en.

order = ಆರ್ಡರ್
test-order = ಇದು ಪರೀಕ್ಷೆಯ ಆರ್ಡರ್: ಯಾವುದೇ ಪಾರ್ಸೆಲ್ ಬರುತ್ತಿಲ್ಲ.
languages = ಭಾಷೆ
steps = ಇಲ್ಲಿಯವರೆಗೆ ಆಗಿರುವುದು
offline = ಈಗ ಇಂಟರ್ನೆಟ್ ಸಂಪರ್ಕವಿಲ್ಲ. ಇಲ್ಲಿರುವ ಮಾಹಿತಿ ಹಳೆಯದಾಗಿರಬಹುದು.
keep-private = ಈ ಲಿಂಕ್ ಅನ್ನು ಬೇರೆಯವರಿಗೆ ಕೊಡಬೇಡಿ: ಇದು ಇರುವವರು ಈ ಪುಟವನ್ನು ನೋಡಬಹುದು.
stop-texts = { $shop } ಆರ್ಡರ್‌ಗಳ SMS ನಿಲ್ಲಿಸಿ

state-order-confirmed = ನಿಮ್ಮ ಆರ್ಡರ್ ಖಚಿತವಾಗಿದೆ
state-out-for-delivery = ನಿಮ್ಮ ಪಾರ್ಸೆಲ್ ಡೆಲಿವರಿಗೆ ಹೊರಟಿದೆ
state-delivered = ನಿಮ್ಮ ಪಾರ್ಸೆಲ್ ಡೆಲಿವರಿ ಆಗಿದೆ
state-delivery-failed = ನಿಮ್ಮ ಪಾರ್ಸೆಲ್ ಡೆಲಿವರಿ ಮಾಡಲು ಆಗಲಿಲ್ಲ
state-return-initiated = ನಿಮ್ಮ ಪಾರ್ಸೆಲ್ ಹಿಂತಿರುಗುತ್ತಿದೆ

step-order-confirmed = ಆರ್ಡರ್ ಖಚಿತವಾಯಿತು
step-out-for-delivery = { $attempt ->
    [1] ಡೆಲಿವರಿಗೆ ಹೊರಟಿತು
   *[other] ಮತ್ತೆ ಡೆಲಿವರಿಗೆ ಹೊರಟಿತು (ಪ್ರಯತ್ನ { $attempt })
  }
step-delivered = ಡೆಲಿವರಿ ಆಯಿತು
step-delivery-failed = ಡೆಲಿವರಿ ಆಗಲಿಲ್ಲ
step-return-initiated = ಹಿಂತಿರುಗಿಸುವುದು ಶುರುವಾಯಿತು

expected-today = ಇಂದು { $time } ಒಳಗೆ ತಲುಪುವ ನಿರೀಕ್ಷೆಯಿದೆ
expected-tomorrow = ನಾಳೆ { $time } ಒಳಗೆ ತಲುಪುವ ನಿರೀಕ್ಷೆಯಿದೆ
expected-day = { $day } ರಂದು { $time } ಒಳಗೆ ತಲುಪುವ ನಿರೀಕ್ಷೆಯಿದೆ
late-today = ತಡವಾಗುತ್ತಿದೆ: ಇಂದು { $time } ಒಳಗೆ ತಲುಪಬೇಕಿತ್ತು
late-yesterday = ತಡವಾಗುತ್ತಿದೆ: ನಿನ್ನೆ { $time } ಒಳಗೆ ತಲುಪಬೇಕಿತ್ತು
late-day = ತಡವಾಗುತ್ತಿದೆ: { $day } ರಂದು ತಲುಪಬೇಕಿತ್ತು
next-attempt-today = ಇಂದು { $time } ಒಳಗೆ ಮತ್ತೆ ಬರುತ್ತೇವೆ
next-attempt-tomorrow = ನಾಳೆ { $time } ಒಳಗೆ ಮತ್ತೆ ಬರುತ್ತೇವೆ
next-attempt-day = { $day } ರಂದು ಮತ್ತೆ ಬರುತ್ತೇವೆ
delivered-today = ಇಂದು { $time } ಕ್ಕೆ ಡೆಲಿವರಿ ಆಯಿತು
delivered-yesterday = ನಿನ್ನೆ { $time } ಕ್ಕೆ ಡೆಲಿವರಿ ಆಯಿತು
delivered-day = { $day } ರಂದು { $time } ಕ್ಕೆ ಡೆಲಿವರಿ ಆಯಿತು

recipient-customer = ನೇರವಾಗಿ ಕೈಗೆ ಕೊಡಲಾಗಿದೆ.
recipient-family = ಕುಟುಂಬದವರಿಗೆ ಕೊಡಲಾಗಿದೆ.
recipient-neighbour = ನೆರೆಮನೆಯವರಿಗೆ ಕೊಡಲಾಗಿದೆ.
recipient-security = ಸೆಕ್ಯುರಿಟಿ ಗಾರ್ಡ್‌ಗೆ ಕೊಡಲಾಗಿದೆ.
recipient-reception = ರಿಸೆಪ್ಷನ್‌ನಲ್ಲಿ ಕೊಡಲಾಗಿದೆ.
recipient-mailroom = ಅಂಚೆ ಕೊಠಡಿಯಲ್ಲಿ ಕೊಡಲಾಗಿದೆ.
recipient-other = ವಿಳಾಸದಲ್ಲಿ ಕೊಡಲಾಗಿದೆ.

rider = ಪಾರ್ಸೆಲ್ ತರುತ್ತಿರುವವರು
rider-name = ಹೆಸರು
rider-phone = ಫೋನ್
vehicle = ವಾಹನ
vehicle-two-wheeler = ದ್ವಿಚಕ್ರ ವಾಹನ
vehicle-three-wheeler = ತ್ರಿಚಕ್ರ ವಾಹನ
vehicle-four-wheeler = ನಾಲ್ಕು ಚಕ್ರದ ವಾಹನ
vehicle-truck = ಟ್ರಕ್
vehicle-other = ಇತರೆ
to-pay = ಡೆಲಿವರಿ ಸಮಯದಲ್ಲಿ ಕೊಡಲು { $amount } ಸಿದ್ಧವಾಗಿಡಿ.

reason-customer-unavailable = ಪಾರ್ಸೆಲ್ ತೆಗೆದುಕೊಳ್ಳಲು ಯಾರೂ ಇರಲಿಲ್ಲ.
reason-customer-unreachable = ಫೋನ್‌ನಲ್ಲಿ ನಿಮ್ಮನ್ನು ಸಂಪರ್ಕಿಸಲು ಆಗಲಿಲ್ಲ.
reason-customer-refused = ಪಾರ್ಸೆಲ್ ತೆಗೆದುಕೊಳ್ಳಲು ನಿರಾಕರಿಸಲಾಯಿತು.
reason-customer-cancelled = ಆರ್ಡರ್ ರದ್ದಾಗಿತ್ತು.
reason-reschedule-requested = ಬೇರೆ ದಿನ ಬರಲು ಹೇಳಲಾಗಿತ್ತು.
reason-address-incorrect = ನಮಗೆ ವಿಳಾಸ ಸಿಗಲಿಲ್ಲ.
reason-customer-moved = ಈ ಹೆಸರಿನವರು ಈ ವಿಳಾಸದಲ್ಲಿ ಇಲ್ಲ ಎಂದು ತಿಳಿಸಲಾಯಿತು.
reason-access-restricted = ಕಟ್ಟಡ ಅಥವಾ ಪ್ರದೇಶದ ಒಳಗೆ ಹೋಗಲು ಆಗಲಿಲ್ಲ.
reason-premises-closed = ಸ್ಥಳ ಮುಚ್ಚಿತ್ತು.
reason-out-of-delivery-area = ಈ ವಿಳಾಸ ನಾವು ಡೆಲಿವರಿ ಮಾಡುವ ಪ್ರದೇಶದ ಹೊರಗಿದೆ.
reason-payment-not-ready = ಕೊಡಬೇಕಾದ ಮೊತ್ತ ಸಿದ್ಧವಿರಲಿಲ್ಲ.
reason-otp-unavailable = ಡೆಲಿವರಿ ಕೋಡ್ (OTP) ಲಭ್ಯವಿರಲಿಲ್ಲ.
reason-otp-mismatch = ಡೆಲಿವರಿ ಕೋಡ್ (OTP) ಹೊಂದಿಕೆಯಾಗಲಿಲ್ಲ.
reason-not-attempted = ಸಮಯಕ್ಕೆ ನಿಮ್ಮ ವಿಳಾಸ ತಲುಪಲು ಆಗಲಿಲ್ಲ.
reason-vehicle-issue = ನಮ್ಮ ವಾಹನದಲ್ಲಿ ತೊಂದರೆಯಾಗಿತ್ತು.
reason-weather-delay = ಹವಾಮಾನದ ಕಾರಣ ಬರಲು ಆಗಲಿಲ್ಲ.
reason-shipment-damaged = ಪಾರ್ಸೆಲ್ ದಾರಿಯಲ್ಲಿ ಹಾಳಾಗಿದೆ.
reason-shipment-lost = ಪಾರ್ಸೆಲ್ ಸದ್ಯಕ್ಕೆ ಸಿಗುತ್ತಿಲ್ಲ.
reason-kind-customer = ಪಾರ್ಸೆಲ್ ಅನ್ನು ಬಾಗಿಲಲ್ಲಿ ಕೊಡಲು ಆಗಲಿಲ್ಲ.
reason-kind-address = ವಿಳಾಸದಲ್ಲಿ ತೊಂದರೆಯಿತ್ತು.
reason-kind-payment = ಪಾವತಿಯಲ್ಲಿ ತೊಂದರೆಯಿತ್ತು.
reason-kind-verification = ಡೆಲಿವರಿಯನ್ನು ಖಚಿತಪಡಿಸಲು ಆಗಲಿಲ್ಲ.
reason-kind-carrier = ನಮ್ಮ ಕಡೆಯಿಂದ ತಪ್ಪಾಗಿದೆ.
reason-kind-other = ಡೆಲಿವರಿ ಮಾಡಲು ಆಗಲಿಲ್ಲ.

next-reattempt = ಮತ್ತೆ ಪ್ರಯತ್ನಿಸುತ್ತೇವೆ.
next-reschedule = ಬೇರೆ ದಿನವನ್ನು ನಿಗದಿಪಡಿಸುತ್ತಿದ್ದೇವೆ.
next-hold = ಪಾರ್ಸೆಲ್ ಸದ್ಯಕ್ಕೆ ನಮ್ಮ ಡೆಲಿವರಿ ಕೇಂದ್ರದಲ್ಲಿದೆ.
next-rto = ಪಾರ್ಸೆಲ್ { $shop } ಗೆ ಹಿಂತಿರುಗುತ್ತದೆ.
next-none = ಮುಂದೇನು ಎಂದು { $shop } ಅನ್ನು ಕೇಳಿ.

return-rto = ಪಾರ್ಸೆಲ್ { $shop } ಗೆ ಹಿಂತಿರುಗುತ್ತಿದೆ.
return-customer-return = ನೀವು ಹಿಂತಿರುಗಿಸಿದ ಪಾರ್ಸೆಲ್ { $shop } ಗೆ ಹೋಗುತ್ತಿದೆ.
return-expected-day = { $day } ರ ಒಳಗೆ ಅಲ್ಲಿ ತಲುಪುವ ನಿರೀಕ್ಷೆಯಿದೆ.
return-questions = ಹಣ ವಾಪಸಾತಿ ಅಥವಾ ಹೊಸ ಡೆಲಿವರಿ ಬಗ್ಗೆ { $shop } ಅನ್ನು ಕೇಳಿ.

message-unknown = ಈ ಪುಟ ಲಭ್ಯವಿಲ್ಲ
message-unknown-text = ಲಿಂಕ್ ಅಪೂರ್ಣವಾಗಿರಬಹುದು ಅಥವಾ ಮುಗಿದಿರಬಹುದು. ನಿಮ್ಮ ಆರ್ಡರ್‌ನ ಇತ್ತೀಚಿನ SMS ನಿಂದ ಮತ್ತೆ ತೆರೆಯಿರಿ, ಅಥವಾ ಅಂಗಡಿಯನ್ನು ಕೇಳಿ.
message-too-often = ದಯವಿಟ್ಟು ಸ್ವಲ್ಪ ಕಾಯಿರಿ
message-too-often-text = ಈ ಪುಟವನ್ನು ತುಂಬಾ ಸಲ ತೆರೆಯಲಾಗಿದೆ. ಒಂದು ನಿಮಿಷದ ನಂತರ ಮತ್ತೆ ಪ್ರಯತ್ನಿಸಿ.
message-away = ದಯವಿಟ್ಟು ಸ್ವಲ್ಪ ಸಮಯದ ನಂತರ ಪ್ರಯತ್ನಿಸಿ
message-away-text = ಪುಟವನ್ನು ಈಗ ತೋರಿಸಲು ಆಗುತ್ತಿಲ್ಲ. ಇದರಿಂದ ನಿಮ್ಮ ಪಾರ್ಸೆಲ್‌ಗೆ ಯಾವ ತೊಂದರೆಯೂ ಇಲ್ಲ.
