"""The customer's tracking page: where the parcel is, on a phone, without an account."""
