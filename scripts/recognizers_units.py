"""Names of units and currencies of microsoft/Recognizers-Text, with ours."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

UNITS: Final = {
    "Kilogram": "kg", "Gram": "g", "Milligram": "mg", "Microgram": "μg", "Ton": "t", "Jin": "斤",
    "Liang": "两", "Meter": "m", "Centimeter": "cm", "Millimeter": "mm", "Kilometer": "km",
    "Decimeter": "dm", "Inch": "寸", "Liter": "L", "Milliliter": "ml", "C": "°C", "F": "°F",
    "Degree": "°", "Mu": "亩", "Square meter": "㎡", "Bit": "bit", "Kilobit": "Kbit",
    "Megabit": "Mbit", "Byte": "B", "Kilobyte": "KB", "Megabyte": "MB", "Gigabyte": "GB",
    "Terabyte": "TB", "Kilocalorie": "kcal", "Chi": "尺", "Li": "里", "Pound": "磅",
    "Square kilometer": "km²", "Hectare": "公顷", "Celsius": "°C", "Kilometer per hour": "km/h",
    "Meter per second": "m/s", "Watt": "W", "Kilowatt": "kW", "K": "K", "Mile": "英里",
    "Square centimeter": "cm²", "Square decimeter": "dm²", "Square millimeter": "mm²",
    "Square foot": "平方英尺", "Square inch": "平方英寸", "Square mile": "平方英里", "Acre": "英亩",
    "Cubic meter": "m³", "Cubic centimeter": "cm³", "Cubic decimeter": "dm³", "Ounce": "oz",
    "Cubic millimeter": "mm³", "Cubic foot": "立方英尺", "Gallon": "加仑", "Pint": "品脱",
    "Micrometer": "mm", "Micron": "μm", "Nanometer": "nm", "Picometer": "pm", "Zhang": "丈",
    "Cun": "市寸", "Foot": "英尺", "Yard": "yd", "Knot": "海里", "Light year": "光年",
    "Kilometer per second": "km/s", "Mile per hour": "mph", "Foot per second": "ft/s",
    "Petabyte": "PB", "Gigabit": "Gbit", "Radian": "rad", "Stone": "英石",
    "Hertz": "Hz", "Kilohertz": "kHz", "Megahertz": "MHz", "Gigahertz": "GHz",
}  # fmt: skip

# They give no ISO code for what has several countries, for small change and for some others.
_WITHOUT_CODE: Final = {
    "Dollar": "USD", "Pound": "GBP", "Ruble": "RUB", "Franc": "CHF", "Rupee": "INR", "Peso": "PHP",
    "Krone": "SEK", "Dinar": "KWD", "Riyal": "SAR", "Dirham": "AED", "Manat": "AZN", "Leu": "RON",
    "Shilling": "KES", "Korean won": "KRW", "Macau Pataca": "MOP", "Philippine peso": "PHP",
    "Vietnamese dong": "VND", "East Caribbean dollar": "XCD", "Tongan pa\u02bbanga": "TOP",
    "Surinam florin": "SRD", "Netherlands guilder": "NLG", "Belgian franc": "BEF",
    "Finnish markka": "FIM", "Peseta": "ESP", "Faroese króna": "DKK", "Guernsey pound": "GGP",
    "Bitcoin": "BTC", "British Virgin Islands dollar": "USD", "Cook Islands dollar": "NZD",
    "Kiribati dollar": "AUD", "Alderney pound": "GBP", "Chinese yuan": "CNY", "TVD": "AUD",
    "MRO": "MRU", "SLL": "SLE",
}  # fmt: skip
_CHANGE: Final = {
    "Jiao": ("CNY", 10), "Fen": ("CNY", 100), "Cent": ("USD", 100), "Pence": ("GBP", 100),
    "Kopek": ("RUB", 100), "Sen": ("JPY", 100), "Kobo": ("NGN", 100), "Grosz": ("PLN", 100),
    "Satang": ("THB", 100), "Paisa": ("INR", 100), "Kuruş": ("TRY", 100), "Centime": ("CHF", 100),
    "Rappen": ("CHF", 100), "Stotinka": ("BGN", 100), "Pesewa": ("GHS", 100), "Pya": ("MMK", 100),
    "Tetri": ("GEL", 100), "Millime": ("TND", 1000), "Lipa": ("HRK", 100), "Toea": ("PGK", 100),
    "Butut": ("GMD", 100), "Deni": ("MKD", 100), "Halala": ("SAR", 100), "Tambala": ("MWK", 100),
    "Chetrum": ("BTN", 100), "Penni": ("FIM", 100), "Pul": ("AFN", 100), "Para": ("RSD", 100),
    "Ban": ("RON", 100), "Øre": ("SEK", 100), "Centavo": ("PHP", 100), "Thebe": ("BWP", 100),
}  # fmt: skip


def money_of(value: str, unit: str, code: str) -> tuple[Decimal, str]:
    """An amount with its ISO code, small change as a part of the currency: 5 Jiao are 0.5 CNY."""
    whole, parts = _CHANGE.get(unit, ("", 1)) if not code else (code, 1)
    name = whole or _WITHOUT_CODE.get(unit, unit)
    return Decimal(value) / parts, _WITHOUT_CODE.get(name, name)
