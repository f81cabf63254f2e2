"""The small vocabularies that the grammar rests on, in English and Russian: verbs of saying, offices, months."""

import re

SAYING = (
    "said|says|saying|say|added|adds|told|tells|announced|announces|stated|states|declared|stressed|stresses|"
    "noted|notes|insisted|insists|maintained|maintains|warned|warns|explained|explains|argued|argues|claimed|"
    "claims|replied|remarked|acknowledged|admitted|reiterated|emphasi[sz]ed|commented|suggested|suggests|"
    "predicted|predicts|wrote|reported|observed|recalled|asserted|contended|concluded|indicated|"
    "cautioned|conceded|continued|asked|hoped|believes|believed|disclosed|revealed|repeated|pointed out|went on"
)
"""Verbs after which a content follows."""

ACTING = (
    "denied|denies|rejected|rejects|confirmed|confirms|accused|accuses|opposed|opposes|welcomed|welcomes|"
    "criticized|criticised|criticizes|condemned|condemns|dismissed|dismisses|praised|supported|supports|"
    "backed|backs|disputed|disputes|refused|refuses|called for|calls for|urged|urges|protested|"
    "remains? (?:strongly |firmly )?opposed|is (?:strongly |firmly )?opposed|was (?:strongly |firmly )?opposed|lashed out"
)
"""Verbs that are themselves what the speaker did by speaking."""

SAYING_RU = (
    "сказал|сказала|заявил|заявила|заявили|сообщил|сообщила|сообщили|подчеркнул|подчеркнула|отметил|отметила|"
    "добавил|добавила|объявил|объявила|пояснил|пояснила|уточнил|уточнила|считает|полагает|утверждает|"
    "утверждал|напомнил|напомнила|предупредил|предупредила|признал|признала|ответил|ответила|указал|указала|"
    "рассказал|рассказала|говорит|говорится|выразил|выразила|написал|написала|продолжил|продолжила|"
    "заметил|заметила|констатировал|повторил|повторила|обещал|пообещал|назвал|назвала|говорил|говорила|настаивает"
)
ACTING_RU = (
    "отверг|отвергла|опроверг|опровергла|подтвердил|подтвердила|отрицает|осудил|осудила|поддержал|поддержала|"
    "приветствовал|отказался|отказалась|раскритиковал|призвал|призвала|выступил|выступила|обвинил|обвинила"
)

HEADS = (
    "president|minister|secretary|premier|chancellor|ambassador|general|spokesman|spokeswoman|spokesperson|"
    "chairman|chairwoman|chair|director|negotiator|commissioner|senator|king|queen|colonel|admiral|envoy|"
    "representative|chief|head|leader|governor|mayor|deputy|adviser|advisor|vice-premier|vice-president|"
    "commander|marshal|inspector|delegate|speaker|undersecretary|counsel|analyst|professor|expert|researcher|"
    "diplomat|official|congressman|congresswoman|lawmaker|physicist|historian|coordinator|scientist"
)
"""Words in which the name of an office ends."""

BEFORE_HEAD = (
    "foreign|defence|defense|prime|deputy|first|second|vice|chief|senior|acting|interior|former|assistant|national|"
    "security|state|press|government|ministry|presidential|special|permanent|joint|general|top|lead|military|"
    "party|opposition|arms|disarmament|nuclear|energy|trade|under|secretary|staff|policy|ministerial"
)

HEADS_RU = (
    "президент|министр|премьер|премьер-министр|вице-премьер|вице-президент|посол|генерал|секретарь|госсекретарь|"
    "представитель|представительница|пресс-секретарь|председатель|директор|глава|депутат|сенатор|канцлер|начальник|"
    "адмирал|полковник|маршал|командующий|советник|эксперт|аналитик|делегат|руководитель|замминистра|спикер|"
    "заместитель|помощник|губернатор|координатор|инспектор|профессор|историк|собеседник|источник|чиновник|дипломат"
)

ANONYMOUS = (
    r"officials?|diplomats?|sources?|spokesman|spokeswoman|spokesperson|experts?|aides?|officers?|"
    r"advis[eo]rs?|negotiators?|delegates?|analysts?|observers|critics|opponents|supporters|lawmakers?|ministry"
)

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip
MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)
MONTHS_RU = (
    "январ",
    "феврал",
    "март",
    "апрел",
    "ма",
    "июн",
    "июл",
    "август",
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
)
MONTH_RU = (
    r"(?:январ[яьею]|феврал[яьею]|март[ае]?|апрел[яьею]|ма[йяею]|июн[яьею]|июл[яьею]|август[ае]?|"
    r"сентябр[яьею]|октябр[яьею]|ноябр[яьею]|декабр[яьею])"
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
DAYS_RU = ("понедельник", "вторник", "сред", "четверг", "пятниц", "суббот", "воскресень")
DAY_RU = (
    "(?:понедельник(?:а|у)?|вторник(?:а|у)?|сред[уые]|четверг(?:а|у)?|пятниц[уые]|суббот[уые]|воскресень[ея])"
)
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60,
    "ninety": 90, "один": 1, "одного": 1, "два": 2, "две": 2, "двух": 2, "три": 3, "трёх": 3, "трех": 3, "четыре": 4,
    "четырёх": 4, "четырех": 4, "пять": 5, "пяти": 5, "шесть": 6, "шести": 6, "семь": 7, "семи": 7, "восемь": 8,
    "восьми": 8, "девять": 9, "девяти": 9, "десять": 10, "десяти": 10, "двенадцать": 12, "двенадцати": 12,
    "тридцать": 30, "тридцати": 30,
}  # fmt: skip
NUMBER_WORD = "|".join(sorted(NUMBERS, key=len, reverse=True))

HEDGES = re.compile(
    r"\b(?:may|might|could|would|seem(?:s|ed)?|appear(?:s|ed)?|possibly|perhaps|likely|unlikely|probably|allegedly|"
    r"reportedly|sometimes|(?:I |we )?(?:do not|don['’]t) (?:think|believe)|(?:I|we) (?:think|believe|hope)|hopes?|"
    r"in principle|should|expects?|expected|if|"
    r"возможно|вероятно|может|могут|мог(?:ла|ли)? бы|могли|якобы|надею(?:сь|тся)|надеемся|по-видимому|похоже|"
    r"видимо|скорее всего|пожалуй|наверное|должн[ыоа]?|в принципе)\b",
    re.I,
)

EVALUATIVE = re.compile(
    r"\b(?:arrays? of [a-z]+|controversial|disputed|contentious|so-called|unprecedented|notorious|alarming|landmark|"
    r"historic|provocative|dramatic(?:ally)?|surprising(?:ly)?|long-awaited|much-criticised|much-criticized|"
    r"ill-fated|hard-won|embarrassing|bitter|icy|frosty|thorny|stubborn(?:ly)?|ambitious|downturn|"
    r"спорн\w{2,3}|так называем\w{2,3}|печально известн\w{2,3}|беспрецедентн\w{2,3}|скандальн\w{2,3}|"
    r"историческ\w{2,3}|провокационн\w{2,3}|долгожданн\w{2,3}|пресловут\w{2,3}|амбициозн\w{2,3})",
    re.I,
)
"""Words by which a reporter judges; a list is never whole, see the documentation."""

ARMS = (
    "missile|warhead|launcher|interceptor|radar|bomber|silo|submarine|weapon|nuclear|arms|treaty|disarm|reduction|"
    "verif|inspect|plutonium|uranium|defen[cs]e plan|anti-missile|ballistic|strategic|arsenal|test launch|deterren|"
    "ракет|боеголов|боезаряд|пусков|перехватчик|радар|рлс|бомбардировщик|шахт|подлод|вооружен|ядерн|договор|разоруж|"
    "сокращен|проверк|инспекц|плутон|уран|противоракет|баллистич|стратегическ|арсенал|испытан"
)
"""Stems of the field itself, for what is counted and for what is on the subject."""
