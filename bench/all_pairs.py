"""All pairs with pandas: the long table read from PostgreSQL through psycopg2, pivot, corr().
The server is that of PGHOST etc.  Prints milliseconds, number of pairs and the sum of the
correlations."""
import time
import warnings

import numpy
import pandas
import psycopg2

warnings.filterwarnings("ignore", message=".*SQLAlchemy.*")
connection = psycopg2.connect("")
start = time.perf_counter()
frame = pandas.read_sql("SELECT asset, ts, value FROM long", connection)
correlations = frame.pivot(index="ts", columns="asset", values="value").corr()
milliseconds = (time.perf_counter() - start) * 1000
upper = correlations.to_numpy()[numpy.triu_indices(len(correlations), 1)]
print("%.3f" % milliseconds)
print(len(upper), "%.15g" % upper.sum())
