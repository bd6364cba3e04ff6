"""Releases: frozen, hashed datasets with splits, a datasheet and a certificate."""

from groundswell.release.certificate import Certificate, certify
from groundswell.release.freeze import Release, freeze, load
from groundswell.release.plan import Price, plan, prices
from groundswell.release.split import SPLITS, split

__all__ = ["SPLITS", "Certificate", "Price", "Release", "certify", "freeze", "load", "plan", "prices", "split"]
