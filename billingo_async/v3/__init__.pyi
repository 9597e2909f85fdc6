from billingo_async.errors import *
from billingo_async.fields.exact import Json as Json
from billingo_async.journal.journal import Journal as Journal
from billingo_async.journal.records import JournalStatus as JournalStatus
from billingo_async.journal.records import KeyRecord as KeyRecord
from billingo_async.journal.records import Outcome as Outcome
from billingo_async.paging import AsyncPager as AsyncPager
from billingo_async.paging import Page as Page
from billingo_async.protocol.call import Attempt as Attempt
from billingo_async.protocol.call import CallReport as CallReport
from billingo_async.protocol.call import Effect as Effect
from billingo_async.protocol.call import RawResponse as RawResponse
from billingo_async.settings import RateLimit as RateLimit
from billingo_async.transport.download_folder import Download as Download
from billingo_async.transport.downloads import DownloadStream as DownloadStream
from billingo_async.v3.billingo import Billingo as Billingo
from billingo_async.v3.models import *
