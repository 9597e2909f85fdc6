from billingo_async.v3.models.document import *
from billingo_async.v3.models.enums import *
from billingo_async.v3.models.listed import *
from billingo_async.v3.models.listed import SpendingPaymentMethod as SpendingPaymentMethod
from billingo_async.v3.models.lookups import *
from billingo_async.v3.models.new_document import *
from billingo_async.v3.models.partner import *
