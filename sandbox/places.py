"""Indian cities as deliveries see them: state, localities with their pin codes, number plates."""

from dataclasses import dataclass
from typing import Literal

Region = Literal[
    "assamese",
    "bengali",
    "goan",
    "gujarati",
    "hindi",
    "kannada",
    "malayalam",
    "marathi",
    "odia",
    "punjabi",
    "tamil",
    "telugu",
]
"""Whose names, and which mobile number series, are common in a city."""


@dataclass(frozen=True)
class City:
    """A city: its middle, the plates of its vehicles and some of its localities."""

    name: str
    state: str
    region: Region
    latitude: float
    longitude: float
    plates: tuple[str, ...]
    localities: tuple[tuple[str, str], ...]
    """Name and pin code."""

    @property
    def code(self) -> str:
        """Three letters for ids, such as BEN."""
        return self.name[:3].upper()


def _city(
    name: str, state: str, region: Region, middle: tuple[float, float], plates: str, localities: str
) -> City:
    pairs = (entry.strip().rpartition(" ") for entry in localities.split(","))
    named = tuple((locality, pincode) for locality, _, pincode in pairs)
    return City(name, state, region, *middle, tuple(plates.split()), named)


CITIES: tuple[City, ...] = (
    _city(
        *("Bengaluru", "Karnataka", "kannada", (12.9716, 77.5946), "KA01 KA03 KA05 KA53"),
        "Indiranagar 560038, Koramangala 560034, HSR Layout 560102, Jayanagar 560041, "
        "Whitefield 560066, Malleshwaram 560003",
    ),
    _city(
        *("Mysuru", "Karnataka", "kannada", (12.2958, 76.6394), "KA09 KA55"),
        "Vijayanagar 570017, Kuvempunagar 570023, Jayalakshmipuram 570012",
    ),
    _city(
        *("Chennai", "Tamil Nadu", "tamil", (13.0827, 80.2707), "TN01 TN07 TN09"),
        "T. Nagar 600017, Adyar 600020, Anna Nagar 600040, Velachery 600042",
    ),
    _city(
        *("Coimbatore", "Tamil Nadu", "tamil", (11.0168, 76.9558), "TN37 TN38 TN66"),
        "R.S. Puram 641002, Gandhipuram 641012, Peelamedu 641004, Saibaba Colony 641011",
    ),
    _city(
        *("Hyderabad", "Telangana", "telugu", (17.3850, 78.4867), "TS07 TS08 TS09"),
        "Banjara Hills 500034, Gachibowli 500032, Madhapur 500081, Kukatpally 500072",
    ),
    _city(
        *("Mumbai", "Maharashtra", "marathi", (19.0760, 72.8777), "MH01 MH02 MH03 MH47"),
        "Andheri West 400058, Bandra West 400050, Powai 400076, Dadar West 400028",
    ),
    _city(
        *("Pune", "Maharashtra", "marathi", (18.5204, 73.8567), "MH12 MH14"),
        "Kothrud 411038, Aundh 411007, Viman Nagar 411014, Hadapsar 411028",
    ),
    _city(
        *("Aurangabad", "Maharashtra", "marathi", (19.8762, 75.3433), "MH20"),
        "CIDCO 431003, Osmanpura 431005, Jalna Road 431001",
    ),
    _city(
        *("Panaji", "Goa", "goan", (15.4909, 73.8278), "GA01 GA07"),
        "Altinho 403001, Miramar 403001, Porvorim 403521",
    ),
    _city(
        *("Jaipur", "Rajasthan", "hindi", (26.9124, 75.7873), "RJ14 RJ45"),
        "Malviya Nagar 302017, Vaishali Nagar 302021, C-Scheme 302001, Mansarovar 302020",
    ),
    _city(
        *("Indore", "Madhya Pradesh", "hindi", (22.7196, 75.8577), "MP09"),
        "Vijay Nagar 452010, Palasia 452001, Sudama Nagar 452009",
    ),
    _city(
        *("Bhopal", "Madhya Pradesh", "hindi", (23.2599, 77.4126), "MP04"),
        "Arera Colony 462016, M.P. Nagar 462011, Kolar Road 462042",
    ),
    _city(
        *("Surat", "Gujarat", "gujarati", (21.1702, 72.8311), "GJ05 GJ28"),
        "Adajan 395009, Vesu 395007, Varachha 395006",
    ),
    _city(
        *("Vadodara", "Gujarat", "gujarati", (22.3072, 73.1812), "GJ06"),
        "Alkapuri 390007, Akota 390020, Manjalpur 390011",
    ),
    _city(
        *("Ahmedabad", "Gujarat", "gujarati", (23.0225, 72.5714), "GJ01 GJ27"),
        "Navrangpura 380009, Satellite 380015, Maninagar 380008",
    ),
    _city(
        *("Ranchi", "Jharkhand", "hindi", (23.3441, 85.3096), "JH01"),
        "Lalpur 834001, Doranda 834002, Kanke Road 834008",
    ),
    _city(
        *("Patna", "Bihar", "hindi", (25.5941, 85.1376), "BR01"),
        "Boring Road 800001, Kankarbagh 800020, Patliputra 800013",
    ),
    _city(
        *("Kolkata", "West Bengal", "bengali", (22.5726, 88.3639), "WB02 WB06"),
        "Salt Lake 700064, Ballygunge 700019, Behala 700034, New Town 700156",
    ),
    _city(
        *("Ludhiana", "Punjab", "punjabi", (30.9010, 75.8573), "PB10"),
        "Model Town 141002, Civil Lines 141001, Dugri 141013",
    ),
    _city(
        *("Dehradun", "Uttarakhand", "hindi", (30.3165, 78.0322), "UK07"),
        "Rajpur Road 248001, Vasant Vihar 248006, Clement Town 248002",
    ),
    _city(
        *("Prayagraj", "Uttar Pradesh", "hindi", (25.4358, 81.8463), "UP70"),
        "Civil Lines 211001, George Town 211002, Naini 211008",
    ),
    _city(
        *("Agra", "Uttar Pradesh", "hindi", (27.1767, 78.0081), "UP80"),
        "Tajganj 282001, Kamla Nagar 282005, Sikandra 282007",
    ),
    _city(
        *("Kanpur", "Uttar Pradesh", "hindi", (26.4499, 80.3319), "UP78"),
        "Swaroop Nagar 208002, Kidwai Nagar 208011, Kakadeo 208025",
    ),
    _city(
        *("Lucknow", "Uttar Pradesh", "hindi", (26.8467, 80.9462), "UP32"),
        "Gomti Nagar 226010, Hazratganj 226001, Aliganj 226024",
    ),
    _city(
        *("New Delhi", "Delhi", "hindi", (28.6139, 77.2090), "DL03 DL08 DL12"),
        "Karol Bagh 110005, Saket 110017, Dwarka 110075, Lajpat Nagar 110024",
    ),
    _city(
        *("Kochi", "Kerala", "malayalam", (9.9312, 76.2673), "KL07 KL43"),
        "Kakkanad 682030, Edappally 682024, Fort Kochi 682001, Kadavanthra 682020",
    ),
    _city(
        *("Thiruvananthapuram", "Kerala", "malayalam", (8.5241, 76.9366), "KL01"),
        "Kowdiar 695003, Pattom 695004, Kazhakkoottam 695582",
    ),
    _city(
        *("Guwahati", "Assam", "assamese", (26.1445, 91.7362), "AS01"),
        "Dispur 781006, Paltan Bazaar 781008, Beltola 781028",
    ),
    _city(
        *("Bhubaneswar", "Odisha", "odia", (20.2961, 85.8245), "OD02 OD33"),
        "Saheed Nagar 751007, Patia 751024, Jayadev Vihar 751013",
    ),
)

CITY_BY_NAME = {city.name: city for city in CITIES}
