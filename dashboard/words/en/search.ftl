# Finding an order by whatever somebody knows of it.

search-title = Search
search-in-page = Search for an order
search-for = Order, phone or name
search-do = Search
search-found-label = Orders found
search-order = Order
search-parcel = Parcel
search-matched = Found by
search-last = Last update
search-no-events = No updates any more
search-more = { $count ->
    [one] This is the newest one. Type more of the number, or the whole phone, to see fewer.
   *[other] These are the newest { $count }. Type more of the number, or the whole phone, to see fewer.
  }
search-more-of = More orders of { $name }
search-partners = Partners
search-forgotten = This search has ended with the sign-in it was made in. Type it once more.

search-by-order = order number
search-by-ref = shop's own number
search-by-awb = AWB number
search-by-event = event id
search-by-phone = customer's phone
search-by-last-four = last four digits of the phone
search-by-name = customer's name
search-by-order-part = beginning of the order number
search-by-ref-part = beginning of the shop's own number
search-by-awb-part = beginning of the AWB number

search-none = Nothing found
search-none-hint = Check the spelling, or type something else you know of the order:
search-lead = Type what you know of the order:
search-hint-order = its order number
search-hint-ref = the shop's own order number, such as #1042
search-hint-awb = the AWB number on the label
search-hint-phone = the customer's phone number, or its last four digits
search-hint-name = the customer's name, in whole words
search-hint-part = the beginning of a number, three letters or digits at least
search-erased-hint = A customer's phone and name are erased some weeks after the order. From then on only its order number finds it.
