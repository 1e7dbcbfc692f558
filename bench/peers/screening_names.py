"""Names for the screening benchmark: negatives by locale and seed (Faker), and names in other
scripts (ICU). Usage: screening_names.py SEED LATIN OTHER COMPANIES EACH_SCRIPT < names > JSON"""
import json
import random
import sys

from faker import Faker
from icu import Transliterator

LATIN = """az_AZ cs_CZ da_DK de_DE de_AT en_US en_GB en_IN en_PK en_KE en_NG en_BD es_ES es_MX es_AR es_CO
et_EE fi_FI fil_PH fr_FR fr_DZ ga_IE ha_NG hr_HR hu_HU id_ID ig_NG it_IT lt_LT lv_LV nl_NL no_NO pl_PL pt_BR pt_PT
ro_RO sk_SK sl_SI sq_AL sv_SE tr_TR tw_GH uz_UZ vi_VN yo_NG zu_ZA""".split()
OTHER = """ar_AE ar_EG ar_SA ar_DZ bg_BG bn_BD el_GR fa_IR he_IL hi_IN hy_AM ja_JP ka_GE ko_KR ne_NP ru_RU
ta_IN th_TH uk_UA zh_CN zh_TW mk_MK""".split()
SCRIPTS = ["ru_RU uk_UA bg_BG mk_MK", "ar_AE ar_EG ar_SA ar_DZ fa_IR", "he_IL", "el_GR", "zh_CN zh_TW", "ja_JP",
           "ko_KR", "ka_GE hy_AM hi_IN ta_IN th_TH bn_BD ne_NP"]
COMPANIES = "de_DE en_US en_GB es_ES es_MX fr_FR it_IT nl_NL pl_PL pt_BR ro_RO tr_TR fil_PH id_ID".split()


def people(fake, locale):
    pick = random.Random(fake.random.random())
    first = fake.first_name()
    last = fake.last_name()
    between = "" if locale in ("ja_JP", "ko_KR", "zh_CN", "zh_TW") else " "
    if not between:
        return last + first
    if pick.random() < 0.3:
        first += " " + fake.first_name()
    return first + between + last


def many(fake, locale):
    """As people(), but of locales that have few different names: Koreans choose syllables, Arabs and
    Persians add their father's name."""
    if locale == "ko_KR":
        return fake.last_name() + fake.first_name()[0] + fake.first_name()[-1]
    name = people(fake, locale)
    if locale[:2] in ("ar", "fa") and fake.random.random() < 0.5:
        first, rest = name.split(" ", 1)
        name = f"{first} {fake.first_name_male()} {rest}"
    return name


def made(locales, count, seed, make):
    names = {}
    fakes = {}
    for at, locale in enumerate(locales):
        fakes[locale] = Faker(locale)
        fakes[locale].seed_instance(seed + at)
    for _ in range(40):
        for locale, fake in fakes.items():
            for _ in range(max(1, count // len(locales) // 20)):
                if len(names) < count:
                    names.setdefault(make(fake, locale).strip(), locale)
    return [{"name": name, "locale": locale} for name, locale in names.items()]


def main():
    seed, latin, other, companies, each = (int(argument) for argument in sys.argv[1:6])
    names = [line.rstrip("\n") for line in sys.stdin]
    cyrillic = Transliterator.createInstance("Latin-Cyrillic")
    greek = Transliterator.createInstance("Latin-Greek")
    json.dump({
        "latin": made(LATIN, latin, seed, people),
        "other": made(OTHER, other, seed, people),
        "companies": made(COMPANIES, companies, seed, lambda fake, _: fake.company()),
        "scripts": [name for locales in SCRIPTS for name in made(locales.split(), each, seed + 2000, many)],
        "cyrillic": [cyrillic.transliterate(name.title()) for name in names],
        "greek": [greek.transliterate(name.title()) for name in names],
    }, sys.stdout, ensure_ascii=False)


main()
