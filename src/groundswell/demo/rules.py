"""Automatic sources for the demo's question: is a text message spam or ham?

Written from what everybody knows of advertising by text message and of chat between people, without a look at the
collection's answers. Advertising wants something: a call to a dear number, a reply to a short code, a visit to a
page; it names prices and prizes, shouts, and must say how to stop it. People greet, ask, joke, and speak of
themselves.
"""

from __future__ import annotations

import re

from groundswell.core.abstain import ABSTAIN, AbstainType
from groundswell.core.item import Item
from groundswell.sources import Lookup, Pattern, Search, Source, heuristic

SPAM, HAM = "spam", "ham"

PHONE_TRADE = """
ringtone ringtones polyphonic polys tones wallpaper wallpapers screensaver camcorder bluetooth handset
tariff tariffs subscription subscribe subscribed download landline customer operator competition quiz
nokia ipod gprs wap
"""

KIN_AND_DAYS = """
mum mom dad bro brother sister mate dude grandma uncle aunty hubby wife lunch dinner breakfast homework
exam exams lecture bus train gym sleep sleeping bed shower cook doctor hospital birthday lesson yesterday
"""

CHAT_PARTICLES = """
lor lah leh liao meh yeah yep yup nah nope ok okay hmm oh ah wat dat dont cant gonna wanna gotta dunno
tmr da wif cos coz
"""

WANTS_AN_ANSWER = re.compile(r"\d|www|http|@|£|\b(?:free|win|txt|subscri\w*|click|prize|offer)\b", re.IGNORECASE)


@heuristic(answers=(SPAM,))
def shouting(item: Item) -> str | AbstainType:
    """Several words in capitals beside a long number."""
    text = item.text or ""
    capitals = re.findall(r"\b[A-Z]{3,}\b", text)
    return SPAM if len(capitals) >= 2 and re.search(r"\d{4,}", text) and re.search(r"[a-z]", text) else ABSTAIN


@heuristic(answers=(SPAM,))
def dense_advert(item: Item) -> str | AbstainType:
    """A long message that fills its space with figures."""
    text = item.text or ""
    digits = sum(character.isdigit() for character in text)
    return SPAM if len(text) >= 100 and digits >= 8 else ABSTAIN


@heuristic(answers=(HAM,))
def nothing_to_answer(item: Item) -> str | AbstainType:
    """No number, address, price or offer: an advertiser would gain nothing from it."""
    return ABSTAIN if WANTS_AN_ANSWER.search(item.text or "") else HAM


@heuristic(answers=(HAM,))
def short_and_plain(item: Item) -> str | AbstainType:
    """Too short for an advertisement, and without a number."""
    text = item.text or ""
    return HAM if 0 < len(text) <= 45 and not re.search(r"\d{3,}", text) else ABSTAIN


@heuristic(answers=(HAM,))
def casual_typing(item: Item) -> str | AbstainType:
    """Begins in lower case, or trails off in dots, as people do in chat."""
    text = item.text or ""
    if re.search(r"\d{4,}|£|www", text):
        return ABSTAIN
    return HAM if text[:1].islower() or ".." in text else ABSTAIN


def sources() -> list[Source]:
    """The rules, adverts first."""
    return [
        Pattern("premium-number", r"\b0?(?:9[01]\d|87\d|84\d|80\d)\s?\d{3}\s?\d{3,5}\b", answer=SPAM),
        Pattern(
            "short-code",
            r"\b(?:te?xt|send|reply|msg)\b.{0,60}\bto:?\s+\d{4,6}\b|\bto\s+[5-9]\d{4}\b",
            answer=SPAM,
        ),
        Pattern(
            "price-per-message",
            r"\b\d{1,3}(?:\.\d\d)?\s?p(?:pm|\s?/|\s?per\b|\s?a\b|\b)|£\d[\d.]*\s?(?:/|per\b|p/|a\b)",
            answer=SPAM,
        ),
        Pattern("sum-of-money", r"£\s?\d|\b\d[\d,]*\s?(?:pounds|quid|gbp|euros?)\b|\$\s?\d{3,}", answer=SPAM),
        Pattern("web-address", r"\bwww\.|https?:|\b[a-z0-9-]+\.(?:com|co\.uk|net|biz|tv)\b", answer=SPAM),
        Search(
            "prize",
            'prize* OR winner* OR award* OR jackpot OR lottery OR raffle OR "you have won" OR "u have won" '
            'OR "chance to win" OR "to win" OR "cash reward" OR "free gift"',
            answer=SPAM,
        ),
        Search(
            "free-offer",
            "(free OR freemsg OR complimentary) AND (call OR txt OR text OR msg OR reply OR entry OR mobile OR phone "
            "OR minutes OR mins OR ringtone* OR camera OR delivery OR send OR offer* OR trial)",
            answer=SPAM,
        ),
        Search(
            "opt-out",
            'unsubscribe OR unsub OR optout OR "opt out" OR "to stop" OR "text stop" OR "txt stop" OR "reply stop" '
            'OR "send stop" OR "stop to" OR "stop msgs" OR "to cancel"',
            answer=SPAM,
        ),
        Search(
            "small-print",
            '"t&c" OR "t&cs" OR tsandcs OR "t\'s and c\'s" OR "terms and conditions" OR "po box" OR pobox '
            'OR "std txt" OR "standard rate" OR "network operator" OR "calls cost" OR "only 16+" OR "18+" OR "16+" '
            'OR "over 18" OR "18 only"',
            answer=SPAM,
        ),
        Search(
            "urgency",
            'urgent OR congratulations OR congrats AND won OR "call now" OR "act now" OR "reply now" OR guaranteed '
            'OR "last chance" OR "final attempt" OR "attempt to contact" OR "dear customer" OR "valued customer" '
            'OR "selected to receive" OR "waiting for you" OR "account statement" OR "limited time"',
            answer=SPAM,
        ),
        Search(
            "claim",
            'claim* OR collect AND (call OR txt OR text) OR redeem OR voucher* OR "valid only" OR expires '
            'OR "your code"',
            answer=SPAM,
        ),
        Lookup("phone-trade", PHONE_TRADE.split(), words=True, answer=SPAM),
        Search(
            "dating-line",
            'dating OR flirt* OR singles OR "secret admirer" OR "fancies you" OR xxx AND (pics OR videos OR live) '
            'OR "hot girls" OR chatline OR "chat line" OR "adult content" OR "meet local"',
            answer=SPAM,
        ),
        shouting,
        dense_advert,
        nothing_to_answer,
        short_and_plain,
        casual_typing,
        Pattern(
            "speaks-of-self",
            r"\b(?:i'?m|i'?ll|i've|i'd|i am|i was|i will|i have|i think|i dont|i don't|me and)\b",
            answer=HAM,
        ),
        Pattern(
            "laughs-or-smiles",
            r"\b(?:[Ll]ol|[Ll]mao|[Hh]a(?:ha)+h?|[Hh]e(?:he)+)\b|[:;]-?[)(DPp]",
            answer=HAM,
            ignore_case=False,
        ),
        Search(
            "small-talk",
            '"how are you" OR "how r u" OR "good morning" OR "good night" OR "see you" OR "see u" OR sorry OR thanks '
            'OR "thank you" OR "love you" OR "love u" OR "miss you" OR "take care" OR "talk later" OR "call you later" '
            'OR "on my way" OR "pick you up" OR "at home" OR "go home" OR "good luck" OR "happy birthday"',
            answer=HAM,
        ),
        Lookup("kin-and-days", KIN_AND_DAYS.split(), words=True, answer=HAM),
        Lookup("chat-particles", CHAT_PARTICLES.split(), words=True, answer=HAM),
        Pattern(
            "asks-a-friend",
            r"\b(?:where|when|why|how|what|wat|did|do|are|r|can|shall|will)\s+(?:are |r |did |do |should )?"
            r"(?:u|you|ya|we|i|he|she|they)\b[^£0-9]{0,80}\?",
            answer=HAM,
        ),
    ]
