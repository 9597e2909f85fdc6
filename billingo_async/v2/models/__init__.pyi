from billingo_async.v2.models.client import *
from billingo_async.v2.models.country import *
from billingo_async.v2.models.enums import *
from billingo_async.v2.models.invoice import *
from billingo_async.v2.models.listed import *
