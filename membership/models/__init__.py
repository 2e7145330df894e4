from .accounts import *
