"""Check digits of carriers and of trade numbers."""

from __future__ import annotations

S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def s10(number: str) -> bool:
    """Check a UPU S10 identifier: two letters, nine digits, country (UPU S10-12; also Wikipedia, 'S10 (UPU standard)').

    >>> s10("RB123456785GB"), s10("RB123456784GB")
    (True, False)
    """
    digits = [int(c) for c in number[2:11]]
    rest = 11 - sum(w * d for w, d in zip(S10_WEIGHTS, digits[:8], strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest) == digits[8]


def ups(number: str) -> bool:
    """Check a UPS number '1Z' + 15 + check: letters count as (code - 3) mod 10, every second value twice, modulo 10.

    >>> ups("1Z5R89390357567127"), ups("1Z5R89390357567128")
    (True, False)
    """
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in number[2:-1]]
    total = sum(values[0::2]) + 2 * sum(values[1::2])
    return number[-1].isdigit() and (10 - total % 10) % 10 == int(number[-1])


def gs1(number: str) -> bool:
    """Check GS1's last digit (SSCC, and USPS and DHL numbers built alike): weights 3, 1 from the right, modulo 10.

    >>> gs1("00340434161094022115"), gs1("00340434161094022116")
    (True, False)
    """
    total = sum(int(c) * (3 if n % 2 == 0 else 1) for n, c in enumerate(reversed(number[:-1])))
    return (10 - total % 10) % 10 == int(number[-1])


def modulo_7(number: str) -> bool:
    """Check a number whose last digit is the rest of the others by seven (Japan's carriers, DHL Express).

    >>> modulo_7("400000000010"), modulo_7("400000000011")
    (False, False)
    >>> modulo_7(str(40000000001) + str(40000000001 % 7))
    True
    """
    return int(number[:-1]) % 7 == int(number[-1])


def fedex(number: str) -> bool:
    """Check a FedEx Express number of twelve digits: weights 3, 1, 7 in turn, modulo 11, modulo 10.

    >>> fedex("986578788855"), fedex("986578788854")
    (True, False)
    """
    total = sum(int(c) * (3, 1, 7)[n % 3] for n, c in enumerate(number[:11]))
    return total % 11 % 10 == int(number[11])
