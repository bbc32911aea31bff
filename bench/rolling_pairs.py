"""Rolling correlation of all pairs of a few assets with pandas, and the same statistics.
Arguments: assets, bars, window, file of values, asset after asset.
Prints milliseconds, then the sums of the six."""
import sys
import time

import numpy
import pandas

assets, bars, window = (int(a) for a in sys.argv[1:4])
frame = pandas.DataFrame(numpy.loadtxt(sys.argv[4]).reshape(assets, bars).T)
everything = numpy.zeros(6)
start = time.perf_counter()
for i in range(assets):
    for j in range(i + 1, assets):
        r = frame[i].rolling(window).corr(frame[j]).to_numpy()[window - 1:]
        everything += [r.min(), r.max(), r.mean(), r.std(ddof=1), r[-1], (r[1:] * r[:-1] < 0).sum()]
print("%.3f" % ((time.perf_counter() - start) * 1000))
print(*("%.15g" % v for v in everything))
