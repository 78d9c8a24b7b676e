"""Made-up people: names in Latin and regional scripts, mobile numbers, vehicles and addresses.

The numbers look real and may belong to somebody: never let a real Twilio account near them. They
stay clear of the sandbox Twilio's magic numbers (+9199900…).
"""

import random
from dataclasses import dataclass
from typing import Literal

from sandbox.places import City, Region

VehicleType = Literal["two_wheeler", "three_wheeler", "four_wheeler", "truck", "other"]

_PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # plates have no I and no O

NAMES: dict[Region, tuple[str, ...]] = {
    "assamese": ("Ankita Saikia", "Bhaskar Jyoti Das", "Rituparna Baruah", "প্ৰণৱ ডেকা"),
    "bengali": ("Sourav Banerjee", "Moumita Ghosh", "Md. Asif Iqbal", "অনন্যা মুখার্জি", "Arka Sen"),
    "goan": ("Savio D'Souza", "Maria Fernandes", "Prathamesh Naik", "Alisha Dias", "संदीप गावकर"),
    "gujarati": ("Hetal Patel", "Jignesh Shah", "Fatema Vohra", "કિંજલ દેસાઈ", "Mehul Joshi"),
    "hindi": (
        *("Priya Sharma", "Aman Verma", "Zoya Khan", "Deepak Kumar Yadav", "Sunita Devi"),
        *("राहुल गुप्ता", "अंजलि सिंह", "Mohd. Faizan", "Neha Agarwal", "विकास मिश्रा"),
    ),
    "kannada": ("Ananya Rao", "Girish Gowda", "ಸುಮಾ ಹೆಗ್ಡೆ", "Syed Imran", "ರಮೇಶ್ ಶೆಟ್ಟಿ", "Kavya B R"),
    "malayalam": ("Anju Thomas", "Vishnu Nair", "ഫാത്തിമ ബീവി", "Jobin K. Varghese", "ശ്രീജ മേനോൻ"),
    "marathi": ("Sneha Kulkarni", "Aniket Patil", "स्वप्नील जाधव", "Rohan Deshpande", "मेघा शिंदे"),
    "odia": ("Subhashree Mohanty", "Biswajit Sahoo", "ସୁଚିତ୍ରା ପଣ୍ଡା", "Debasis Nayak"),
    "punjabi": ("Harpreet Kaur", "Gurpreet Singh Gill", "ਮਨਦੀਪ ਸਿੰਘ", "Simran Dhillon"),
    "tamil": ("Karthik Subramanian", "Divya S", "முருகன் வேல்", "Abdul Rahim", "கவிதா ராஜன்"),
    "telugu": ("Sai Charan Reddy", "Lakshmi Prasanna", "వెంకట రావు", "Ayesha Begum", "శ్రావణి"),
}

_MOBILE_SERIES: dict[Region, tuple[str, ...]] = {
    "assamese": ("98640", "94350"),
    "bengali": ("98310", "98300", "94330"),
    "goan": ("98221", "94220"),
    "gujarati": ("98250", "98980", "99090"),
    "hindi": ("98290", "94140", "98260", "94250", "98390", "94150", "94310", "98100", "98110"),
    "kannada": ("98450", "98860", "97400", "94480"),
    "malayalam": ("98470", "94470"),
    "marathi": ("98200", "98670", "98220", "98500"),
    "odia": ("98610", "94370"),
    "punjabi": ("98150", "98140"),
    "tamil": ("98400", "98410", "94440"),
    "telugu": ("98480", "98490", "99080"),
}

_BUILDINGS = (
    "Lakshmi Nivas",
    "Green Park Apartments",
    "Sai Residency",
    "Shanti Kunj",
    "Palm Grove",
)
_LANDMARKS = ("near SBI ATM", "opp. Govt. School", "behind Big Bazaar", "next to Hanuman Mandir")


@dataclass(frozen=True)
class Person:
    """A name and an E.164 mobile number."""

    name: str
    phone: str


@dataclass(frozen=True)
class Rider:
    """Who carries a parcel; a bicycle has no number."""

    rider_id: str
    person: Person
    vehicle_type: VehicleType | None
    vehicle_number: str | None


def make_person(dice: random.Random, city: City) -> Person:
    """Somebody who may live in a city; one in six has moved there from elsewhere."""
    region = city.region if dice.random() > 1 / 6 else dice.choice(sorted(NAMES))
    series = dice.choice(_MOBILE_SERIES[city.region])
    return Person(dice.choice(NAMES[region]), f"+91{series}{dice.randrange(100_000):05d}")


def make_vehicle_number(dice: random.Random, city: City) -> str:
    """A number plate such as KA05MJ1234."""
    letters = "".join(dice.choices(_PLATE_LETTERS, k=2))
    return f"{dice.choice(city.plates)}{letters}{dice.randrange(1, 10_000):04d}"


def make_rider(dice: random.Random, city: City, rider_id: str) -> Rider:
    """A rider of a city with a vehicle."""
    kinds: list[VehicleType] = ["two_wheeler", "three_wheeler", "four_wheeler"]
    kind = dice.choices(kinds, weights=[88, 7, 5])[0]
    return Rider(rider_id, make_person(dice, city), kind, make_vehicle_number(dice, city))


def make_address(dice: random.Random, city: City) -> dict[str, object]:
    """An address text without coordinates."""
    locality, pincode = dice.choice(city.localities)
    landmark = dice.choice(_LANDMARKS) if dice.random() < 0.6 else None
    return {
        "line1": f"{dice.randrange(1, 240)}, {dice.choice(_BUILDINGS)}, {locality}",
        "line2": landmark,
        "city": city.name,
        "state": city.state,
        "pincode": pincode,
        "country": "IN",
        "latitude": None,
        "longitude": None,
    }
