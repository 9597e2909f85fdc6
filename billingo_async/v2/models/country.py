"""Countries by their ISO 3166 code, under the names that the server itself uses; and what else a caller may call them.

The server takes any text for a country, and the tax office refuses the invoice later; and "Hungary" and "Magyarország"
make two clients of one. So what a caller writes becomes the Hungarian name, and what is no country is refused.

Never enters here: what the server sends, which is kept as it came.
Source: CLDR 49, territory names in Hungarian and English (Unicode License v3); seen in January 2025.
"""

from __future__ import annotations

from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from typing import Final
from unicodedata import normalize


class Country(StrEnum):
    """A country: ISO 3166 code, and as its value the Hungarian name, which is what the server answers with.

    Example:
        ```python
        Address(street_name="Deák", street_type="tér", house_nr="6", city="Sopron", postcode="9400", country=Country.HU)
        ```

    """

    # fmt: off
    AD = "Andorra"; AE = "Egyesült Arab Emírségek"; AF = "Afganisztán"; AG = "Antigua és Barbuda"; AI = "Anguilla"
    AL = "Albánia"; AM = "Örményország"; AO = "Angola"; AQ = "Antarktisz"; AR = "Argentína"; AS = "Amerikai Szamoa"
    AT = "Ausztria"; AU = "Ausztrália"; AW = "Aruba"; AX = "Åland-szigetek"; AZ = "Azerbajdzsán"
    BA = "Bosznia-Hercegovina"; BB = "Barbados"; BD = "Banglades"; BE = "Belgium"; BF = "Burkina Faso"
    BG = "Bulgária"; BH = "Bahrein"; BI = "Burundi"; BJ = "Benin"; BL = "Saint-Barthélemy"; BM = "Bermuda"
    BN = "Brunei"; BO = "Bolívia"; BQ = "Holland Karib-térség"; BR = "Brazília"; BS = "Bahama-szigetek"; BT = "Bhután"
    BV = "Bouvet-sziget"; BW = "Botswana"; BY = "Belarusz"; BZ = "Belize"; CA = "Kanada"
    CC = "Kókusz (Keeling)-szigetek"; CD = "Kongó – Kinshasa"; CF = "Közép-afrikai Köztársaság"
    CG = "Kongó – Brazzaville"; CH = "Svájc"; CI = "Elefántcsontpart"; CK = "Cook-szigetek"; CL = "Chile"
    CM = "Kamerun"; CN = "Kína"; CO = "Kolumbia"; CR = "Costa Rica"; CU = "Kuba"; CV = "Zöld-foki Köztársaság"
    CW = "Curaçao"; CX = "Karácsony-sziget"; CY = "Ciprus"; CZ = "Csehország"; DE = "Németország"; DJ = "Dzsibuti"
    DK = "Dánia"; DM = "Dominika"; DO = "Dominikai Köztársaság"; DZ = "Algéria"; EC = "Ecuador"; EE = "Észtország"
    EG = "Egyiptom"; EH = "Nyugat-Szahara"; ER = "Eritrea"; ES = "Spanyolország"; ET = "Etiópia"; FI = "Finnország"
    FJ = "Fidzsi"; FK = "Falkland-szigetek"; FM = "Mikronézia"; FO = "Feröer szigetek"; FR = "Franciaország"
    GA = "Gabon"; GB = "Egyesült Királyság"; GD = "Grenada"; GE = "Grúzia"; GF = "Francia Guyana"; GG = "Guernsey"
    GH = "Ghána"; GI = "Gibraltár"; GL = "Grönland"; GM = "Gambia"; GN = "Guinea"; GP = "Guadeloupe"
    GQ = "Egyenlítői-Guinea"; GR = "Görögország"; GS = "Déli-Georgia és Déli-Sandwich-szigetek"; GT = "Guatemala"
    GU = "Guam"; GW = "Bissau-Guinea"; GY = "Guyana"; HK = "Hongkong KKT"; HM = "Heard-sziget és McDonald-szigetek"
    HN = "Honduras"; HR = "Horvátország"; HT = "Haiti"; HU = "Magyarország"; ID = "Indonézia"; IE = "Írország"
    IL = "Izrael"; IM = "Man-sziget"; IN = "India"; IO = "Brit Indiai-óceáni Terület"; IQ = "Irak"; IR = "Irán"
    IS = "Izland"; IT = "Olaszország"; JE = "Jersey"; JM = "Jamaica"; JO = "Jordánia"; JP = "Japán"; KE = "Kenya"
    KG = "Kirgizisztán"; KH = "Kambodzsa"; KI = "Kiribati"; KM = "Comore-szigetek"; KN = "Saint Kitts és Nevis"
    KP = "Észak-Korea"; KR = "Dél-Korea"; KW = "Kuvait"; KY = "Kajmán-szigetek"; KZ = "Kazahsztán"; LA = "Laosz"
    LB = "Libanon"; LC = "Saint Lucia"; LI = "Liechtenstein"; LK = "Srí Lanka"; LR = "Libéria"; LS = "Lesotho"
    LT = "Litvánia"; LU = "Luxemburg"; LV = "Lettország"; LY = "Líbia"; MA = "Marokkó"; MC = "Monaco"; MD = "Moldova"
    ME = "Montenegró"; MF = "Saint Martin"; MG = "Madagaszkár"; MH = "Marshall-szigetek"; MK = "Észak-Macedónia"
    ML = "Mali"; MM = "Mianmar"; MN = "Mongólia"; MO = "Makaó KKT"; MP = "Északi Mariana-szigetek"; MQ = "Martinique"
    MR = "Mauritánia"; MS = "Montserrat"; MT = "Málta"; MU = "Mauritius"; MV = "Maldív-szigetek"; MW = "Malawi"
    MX = "Mexikó"; MY = "Malajzia"; MZ = "Mozambik"; NA = "Namíbia"; NC = "Új-Kaledónia"; NE = "Niger"
    NF = "Norfolk-sziget"; NG = "Nigéria"; NI = "Nicaragua"; NL = "Hollandia"; NO = "Norvégia"; NP = "Nepál"
    NR = "Nauru"; NU = "Niue"; NZ = "Új-Zéland"; OM = "Omán"; PA = "Panama"; PE = "Peru"; PF = "Francia Polinézia"
    PG = "Pápua Új-Guinea"; PH = "Fülöp-szigetek"; PK = "Pakisztán"; PL = "Lengyelország"
    PM = "Saint-Pierre és Miquelon"; PN = "Pitcairn-szigetek"; PR = "Puerto Rico"; PS = "Palesztin Autonómia"
    PT = "Portugália"; PW = "Palau"; PY = "Paraguay"; QA = "Katar"; RE = "Réunion"; RO = "Románia"; RS = "Szerbia"
    RU = "Oroszország"; RW = "Ruanda"; SA = "Szaúd-Arábia"; SB = "Salamon-szigetek"; SC = "Seychelle-szigetek"
    SD = "Szudán"; SE = "Svédország"; SG = "Szingapúr"; SH = "Szent Ilona"; SI = "Szlovénia"
    SJ = "Svalbard és Jan Mayen"; SK = "Szlovákia"; SL = "Sierra Leone"; SM = "San Marino"; SN = "Szenegál"
    SO = "Szomália"; SR = "Suriname"; SS = "Dél-Szudán"; ST = "São Tomé és Príncipe"; SV = "Salvador"
    SX = "Sint Maarten"; SY = "Szíria"; SZ = "Szváziföld"; TC = "Turks- és Caicos-szigetek"; TD = "Csád"
    TF = "Francia Déli Területek"; TG = "Togo"; TH = "Thaiföld"; TJ = "Tádzsikisztán"; TK = "Tokelau"
    TL = "Kelet-Timor"; TM = "Türkmenisztán"; TN = "Tunézia"; TO = "Tonga"; TR = "Törökország"
    TT = "Trinidad és Tobago"; TV = "Tuvalu"; TW = "Tajvan"; TZ = "Tanzánia"; UA = "Ukrajna"; UG = "Uganda"
    UM = "Az USA lakatlan külbirtokai"; US = "Egyesült Államok"; UY = "Uruguay"; UZ = "Üzbegisztán"; VA = "Vatikán"
    VC = "Saint Vincent és a Grenadine-szigetek"; VE = "Venezuela"; VG = "Brit Virgin-szigetek"
    VI = "Amerikai Virgin-szigetek"; VN = "Vietnám"; VU = "Vanuatu"; WF = "Wallis és Futuna"; WS = "Szamoa"
    XK = "Koszovó"; YE = "Jemen"; YT = "Mayotte"; ZA = "Dél-afrikai Köztársaság"; ZM = "Zambia"; ZW = "Zimbabwe"
    # fmt: on


ENGLISH: Final = (
    "AE United Arab Emirates|AF Afghanistan|AG Antigua & Barbuda|AL Albania|AM Armenia|AQ Antarctica|AR Argentina|"
    "AS American Samoa|AT Austria|AU Australia|AX Åland Islands|AZ Azerbaijan|BA Bosnia & Herzegovina|BD Bangladesh|"
    "BG Bulgaria|BH Bahrain|BL St. Barthélemy|BO Bolivia|BQ Caribbean Netherlands|BR Brazil|BS Bahamas|BT Bhutan|"
    "BV Bouvet Island|BY Belarus|CA Canada|CC Cocos (Keeling) Islands|CD Congo - Kinshasa|CF Central African Republic|"
    "CG Congo - Brazzaville|CH Switzerland|CI Côte d’Ivoire|CK Cook Islands|CM Cameroon|CN China|CO Colombia|CU Cuba|"
    "CV Cape Verde|CX Christmas Island|CY Cyprus|CZ Czechia|DE Germany|DJ Djibouti|DK Denmark|DM Dominica|"
    "DO Dominican Republic|DZ Algeria|EE Estonia|EG Egypt|EH Western Sahara|ES Spain|ET Ethiopia|FI Finland|FJ Fiji|"
    "FK Falkland Islands|FM Micronesia|FO Faroe Islands|FR France|GB United Kingdom|GE Georgia|GF French Guiana|"
    "GH Ghana|GI Gibraltar|GL Greenland|GQ Equatorial Guinea|GR Greece|GS South Georgia & South Sandwich Islands|"
    "GW Guinea-Bissau|HK Hong Kong SAR China|HM Heard Island & McDonald Islands|HR Croatia|HU Hungary|ID Indonesia|"
    "IE Ireland|IL Israel|IM Isle of Man|IO British Indian Ocean Territory|IQ Iraq|IR Iran|IS Iceland|IT Italy|"
    "JO Jordan|JP Japan|KG Kyrgyzstan|KH Cambodia|KM Comoros|KN St. Kitts & Nevis|KP North Korea|KR South Korea|"
    "KW Kuwait|KY Cayman Islands|KZ Kazakhstan|LA Laos|LB Lebanon|LC St. Lucia|LK Sri Lanka|LR Liberia|LT Lithuania|"
    "LU Luxembourg|LV Latvia|LY Libya|MA Morocco|ME Montenegro|MF St. Martin|MG Madagascar|MH Marshall Islands|"
    "MK North Macedonia|MM Myanmar (Burma)|MN Mongolia|MO Macao SAR China|MP Northern Mariana Islands|MR Mauritania|"
    "MT Malta|MV Maldives|MX Mexico|MY Malaysia|MZ Mozambique|NA Namibia|NC New Caledonia|NF Norfolk Island|NG Nigeria|"
    "NL Netherlands|NO Norway|NP Nepal|NZ New Zealand|OM Oman|PF French Polynesia|PG Papua New Guinea|PH Philippines|"
    "PK Pakistan|PL Poland|PM St. Pierre & Miquelon|PN Pitcairn Islands|PS Palestinian Territories|PT Portugal|"
    "QA Qatar|RO Romania|RS Serbia|RU Russia|RW Rwanda|SA Saudi Arabia|SB Solomon Islands|SC Seychelles|SD Sudan|"
    "SE Sweden|SG Singapore|SH St. Helena, Ascension & Tristan da Cunha|SI Slovenia|SJ Svalbard & Jan Mayen|"
    "SK Slovakia|SN Senegal|SO Somalia|SS South Sudan|ST São Tomé & Príncipe|SV El Salvador|SY Syria|SZ Eswatini|"
    "TC Turks & Caicos Islands|TD Chad|TF French Southern and Antarctic Lands|TH Thailand|TJ Tajikistan|TL Timor-Leste|"
    "TM Turkmenistan|TN Tunisia|TR Türkiye|TT Trinidad & Tobago|TW Taiwan|TZ Tanzania|UA Ukraine|"
    "UM U.S. Outlying Islands|US United States|UZ Uzbekistan|VA Vatican City|VC St. Vincent & Grenadines|"
    "VG British Virgin Islands|VI U.S. Virgin Islands|VN Vietnam|WF Wallis & Futuna|WS Samoa|XK Kosovo|YE Yemen|"
    "ZA South Africa|CZ Czech Republic|GB UK|GB Great Britain|MK Macedonia|NL Holland|NL The Netherlands|US USA|"
    "US United States of America"
)
"""The English names that differ from the Hungarian ones, each after its code; at the end others in common use."""


@cache
def _names() -> dict[str, str]:
    """Map every name and code, without case, to the Hungarian name."""
    english = (entry.split(" ", 1) for entry in ENGLISH.split("|"))
    names = {_key(name): Country[code].value for code, name in english}
    return names | {_key(text): country.value for country in Country for text in (country.name, country.value)}


def country_name(text: str) -> str:
    """Return the Hungarian name of a country that is given by its Hungarian or English name or its ISO 3166 code.

    Raises `ValueError`, with the names that are nearest, for any other text.
    """
    names = _names()
    if (name := names.get(_key(text))) is not None:
        return name
    near = dict.fromkeys(names[key] for key in get_close_matches(_key(text), names, n=3, cutoff=0.6))
    hint = f"; did you mean {' or '.join(near)}?" if near else ", such as Magyarország, Hungary or HU"
    raise ValueError(f"is no country by its Hungarian or English name or ISO 3166 code{hint}")


def _key(text: str) -> str:
    return " ".join(normalize("NFC", text).casefold().replace("&", "and").split())
