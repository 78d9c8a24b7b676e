# What a customer says after a failed delivery. $shop is the shop's name, $time a time such as
# 6:30 pm, $day a day such as Saturday, 28 November.

ask = ನಿಮ್ಮ ಪಾರ್ಸೆಲ್ ಅನ್ನು ಏನು ಮಾಡೋಣ?
ask-else = ಬೇರೆ ಏನಾದರೂ ಬೇಕೇ?
ask-until-today = ಇಂದು { $time } ವರೆಗೆ ನಮಗೆ ತಿಳಿಸಬಹುದು.
ask-until-tomorrow = ನಾಳೆ { $time } ವರೆಗೆ ನಮಗೆ ತಿಳಿಸಬಹುದು.
ask-until-day = { $day } ವರೆಗೆ ನಮಗೆ ತಿಳಿಸಬಹುದು.
too-late = ಈ ಡೆಲಿವರಿಯನ್ನು ಇನ್ನು ಬದಲಿಸಲು ಆಗುವುದಿಲ್ಲ.

action-reattempt = ಮುಂದಿನ ಡೆಲಿವರಿಯಲ್ಲಿ ಮತ್ತೆ ತನ್ನಿ
action-reschedule = ಬೇರೆ ದಿನ ತನ್ನಿ
action-change-address = ಬೇರೆ ವಿಳಾಸಕ್ಕೆ ತನ್ನಿ ಅಥವಾ ಬೇರೆ ಫೋನ್‌ಗೆ ಕರೆ ಮಾಡಿ
action-hold = ಡೆಲಿವರಿ ಕೇಂದ್ರದಲ್ಲಿ ನನಗಾಗಿ ಇಟ್ಟುಕೊಳ್ಳಿ
action-return = ಹಿಂದಕ್ಕೆ ಕಳುಹಿಸಿ: ನನಗೆ ಇನ್ನು ಬೇಡ

said-by-customer = ನೀವು ಕೇಳಿದ್ದು
said-by-shop = { $shop } ಕೇಳಿದ್ದು
said-open = ಇದನ್ನು ತಿಳಿಸಿದ್ದೇವೆ. ಉತ್ತರ ಇಲ್ಲೇ ಕಾಣಿಸುತ್ತದೆ.
said-accepted = ಇದು ಖಚಿತವಾಗಿದೆ.
said-accepted-today = ಇದು ಖಚಿತವಾಗಿದೆ: ಇಂದು { $time } ಒಳಗೆ ಬರುತ್ತೇವೆ.
said-accepted-tomorrow = ಇದು ಖಚಿತವಾಗಿದೆ: ನಾಳೆ { $time } ಒಳಗೆ ಬರುತ್ತೇವೆ.
said-accepted-day = ಇದು ಖಚಿತವಾಗಿದೆ: { $day } ರಂದು ಬರುತ್ತೇವೆ.
said-rejected = ಇದು ಸಾಧ್ಯವಿಲ್ಲ.
said-reason = ಕಾರಣ: { $reason }
awaits-code = ನಿಮ್ಮ ಬದಲಾವಣೆ SMS ಮೂಲಕ ಕಳುಹಿಸಿದ ಕೋಡ್‌ಗಾಗಿ ಕಾಯುತ್ತಿದೆ.
enter-code = ಕೋಡ್ ನಮೂದಿಸಿ
notice-changed = ಇದು ಇನ್ನು ಸಾಧ್ಯವಿಲ್ಲ. ಈಗಿನ ಸ್ಥಿತಿ ಇದು.

near-today = ಇಂದು
near-tomorrow = ನಾಳೆ
day-today = ಇಂದು, { $day }
day-tomorrow = ನಾಳೆ, { $day }
slot-any = { $day }, ಯಾವ ಸಮಯವಾದರೂ
slot-morning = { $day }, ಬೆಳಿಗ್ಗೆ 9 ರಿಂದ ಮಧ್ಯಾಹ್ನ 12
slot-afternoon = { $day }, ಮಧ್ಯಾಹ್ನ 12 ರಿಂದ ಸಂಜೆ 4
slot-evening = { $day }, ಸಂಜೆ 4 ರಿಂದ ರಾತ್ರಿ 8
when = ನಾವು ಯಾವಾಗ ಬರಲಿ?
when-soonest = ಆದಷ್ಟು ಬೇಗ

code-needed = ಇದಕ್ಕಾಗಿ ಆರ್ಡರ್‌ನ ಫೋನ್‌ಗೆ SMS ಮೂಲಕ ಕೋಡ್ ಕಳುಹಿಸುತ್ತೇವೆ. ಬದಲಾಗಬೇಕಾದ್ದನ್ನು ಮಾತ್ರ ಭರ್ತಿ ಮಾಡಿ.
new-address = ಹೊಸ ವಿಳಾಸ
line1 = ಮನೆ ಮತ್ತು ರಸ್ತೆ
line2 = ಪ್ರದೇಶ (ಬೇಕಿದ್ದರೆ)
city = ನಗರ
state = ರಾಜ್ಯ (ಬೇಕಿದ್ದರೆ)
pincode = ಪಿನ್ ಕೋಡ್
landmark = ವಿಳಾಸ ಸುಲಭವಾಗಿ ಸಿಗಲು ಗುರುತು
phone = ರೈಡರ್ ಕರೆ ಮಾಡಬೇಕಾದ ಫೋನ್
comment = ರೈಡರ್‌ಗೆ ಸೂಚನೆ (ಬೇಕಿದ್ದರೆ)
send = ಕಳುಹಿಸಿ
back = ನಿಮ್ಮ ಪಾರ್ಸೆಲ್‌ಗೆ ಹಿಂತಿರುಗಿ

fault-title = ಗುರುತಿಸಿದ್ದನ್ನು ಪರಿಶೀಲಿಸಿ.
fault-when = ಕೊಟ್ಟಿರುವ ದಿನ ಮತ್ತು ಸಮಯಗಳಲ್ಲಿ ಒಂದನ್ನು ಆರಿಸಿ.
fault-address = ಮನೆ ಮತ್ತು ರಸ್ತೆ, ನಗರ ಮತ್ತು ಪಿನ್ ಕೋಡ್ ಕೊಡಿ; ಅಥವಾ ಗುರುತು ಮಾತ್ರ; ಅಥವಾ ಫೋನ್ ಮಾತ್ರ.
fault-pincode = ಪಿನ್ ಕೋಡ್‌ನಲ್ಲಿ ಆರು ಅಂಕಿಗಳಿರುತ್ತವೆ.
fault-phone = ಹತ್ತು ಅಂಕಿಗಳ ಫೋನ್ ಸಂಖ್ಯೆ ಕೊಡಿ.
fault-too-long = ಇದು ತುಂಬಾ ಉದ್ದವಾಗಿದೆ: ಕಡಿಮೆ ಪದಗಳಲ್ಲಿ ಬರೆಯಿರಿ.
fault-text = ಇದನ್ನು ಸರಳ ಅಕ್ಷರ ಮತ್ತು ಅಂಕಿಗಳಲ್ಲಿ ಬರೆಯಿರಿ.
fault-code = { $left ->
    [0] ಈ ಕೋಡ್ ಸರಿಯಿಲ್ಲ, ಇನ್ನು ಅವಕಾಶ ಉಳಿದಿಲ್ಲ. ಬೇರೆ ಕೋಡ್ ಕೇಳಿ.
   *[other] ಈ ಕೋಡ್ ಸರಿಯಿಲ್ಲ. ಉಳಿದ ಅವಕಾಶಗಳು: { $left }.
  }

code-title = ಕೋಡ್ ನಮೂದಿಸಿ
code-sent = ಆರ್ಡರ್‌ನ ಫೋನ್‌ಗೆ ಆರು ಅಂಕಿಗಳ ಕೋಡ್ ಕಳುಹಿಸಿದ್ದೇವೆ. ಇದು 10 ನಿಮಿಷ ಮಾನ್ಯ.
code-label = ಕೋಡ್
code-confirm = ಖಚಿತಪಡಿಸಿ
code-again = ಬೇರೆ ಕೋಡ್ ಕಳುಹಿಸಿ
code-over = ಈ ಕೋಡ್ ಹಳೆಯದು, ಅಥವಾ ಹಲವು ಬಾರಿ ಪ್ರಯತ್ನಿಸಲಾಗಿದೆ. ಬೇರೆಯದನ್ನು ಕೇಳಿ.
code-not-sent = ಕೋಡ್ ಅನ್ನು SMS ಮೂಲಕ ಕಳುಹಿಸಲಾಗಲಿಲ್ಲ. { $shop } ಗೆ ಕರೆ ಮಾಡಿ.

message-forged = ಇದನ್ನು ಮತ್ತೆ ಕಳುಹಿಸಿ
message-forged-text = ನಿಮ್ಮ ಆರ್ಡರ್ ಬಗ್ಗೆ ಬಂದ ಕೊನೆಯ SMS ನಿಂದ ಪುಟವನ್ನು ಮತ್ತೆ ತೆರೆದು, ಅಲ್ಲಿಂದ ಕಳುಹಿಸಿ.
message-enough-today = ಇಂದಿಗೆ ಇಷ್ಟು ಸಾಕು
message-enough-today-text = ಇದನ್ನು ತುಂಬಾ ಬಾರಿ ಕೇಳಲಾಗಿದೆ. ಏನೂ ಬದಲಾಗಿಲ್ಲ. ನಾಳೆ ಮತ್ತೆ ಪ್ರಯತ್ನಿಸಿ, ಅಥವಾ ಅಂಗಡಿಯನ್ನು ಕೇಳಿ.
message-not-taken = ಇದನ್ನು ಸ್ವೀಕರಿಸಲಾಗಲಿಲ್ಲ
message-not-taken-text = ಏನೂ ಬದಲಾಗಿಲ್ಲ. ಸ್ವಲ್ಪ ಸಮಯದ ನಂತರ ಮತ್ತೆ ಕಳುಹಿಸಿ.
