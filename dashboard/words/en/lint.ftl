# What is wrong with a template of SMS, or costs more than it has to.

lint-empty = The template is empty. Write what the customer is to read.
lint-long = The template has { $count } characters. Shorten it to { $most } at most.
lint-edges = The template begins or ends with a space or an empty line. Remove it.
lint-unseen = Nobody sees { $character } in the template. Remove it.
lint-shortener = { $host } shortens links, and shortened links are forbidden in India. Write them whole.
lint-plain-link = A link begins with http://. Write https://.
lint-phone = There seems to be a phone number. Networks filter SMS with a private one, above all a rider's own; give the tracking link instead.
lint-no-code = The customer needs the code at the door. Add it, such as [ Delivery OTP: {"{"}otp{"}"}.]
lint-parts = With the longest values it takes { $count } SMS, and the most is { $most }. Shorten it by { $over } characters.
lint-costly = It has a few characters that make the whole message dearer: with usual values it takes { $now } SMS, and { $then } once they are replaced. Write straight quotes, plain dashes and Rs.
lint-may-be-missing = { $variable } may be missing. Put it in [brackets] with the words that go with it.
lint-two-spaces = There are two spaces in a row. Keep one.
lint-spaces-left = When a value is missing, spaces are left over. Put one of them inside the [brackets].
lint-nothing-left = When a value is missing, nothing is left of the message. Write some of it outside of the [brackets].
lint-not-closed = The { $sign } at character { $at } is not closed.
lint-closes-nothing = The { $sign } at character { $at } closes nothing. Remove it.
lint-nested = The { $sign } at character { $at } opens inside [brackets]. Close those first.
lint-unknown = { $variable } is no variable of this SMS. Use { $known }.
lint-no-variable = { $part } has no variable, so it is never left out. Remove the brackets.
lint-shop-name = SMS write the shop's name as { $name }: only letters, digits and usual punctuation may be in it, and no link.
lint-blocked = It will be blocked in India: it does not match the registered template (DLT).
lint-other = It does not quite fit what is registered for India (DLT). Ask our support team.
