"""专班 — how a county gets hard things done, as software. Start at ARCHITECTURE.md.

The first import of the package puts a current SQLite under Django: libraries before 3.51.3 can corrupt a
write-ahead log that several connections write (https://sqlite.org/wal.html), and a distribution's may be older.
"""

import sys

try:
    import pysqlite3
except ImportError:  # no wheel for this machine: use PostgreSQL, or a Python that brings a current SQLite
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
