"""What results are made of: arrays, plain values ready for JSON, and tables of pandas."""

from detente.values._arrays import Bools, Floats, Ints
from detente.values._plain import data_frame, plain, plain_fields

__all__ = ["Bools", "Floats", "Ints", "data_frame", "plain", "plain_fields"]
