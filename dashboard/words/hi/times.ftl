# समय और उसकी इकाइयाँ।

span-units = दिन|घं॰|मि॰|से॰
span-milliseconds = { $count } मि॰से॰
