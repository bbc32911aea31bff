# Rolling correlation of all pairs of a few assets with TTR::runCor, which is compiled code, and the
# same statistics.  Arguments: assets, bars, window, file of values, asset after asset.
# Prints milliseconds, then the sums of the six.
suppressMessages(library(TTR))
arguments <- commandArgs(trailingOnly = TRUE)
assets <- as.integer(arguments[1])
bars <- as.integer(arguments[2])
window <- as.integer(arguments[3])
x <- matrix(scan(arguments[4], quiet = TRUE), nrow = bars, ncol = assets)
all <- numeric(6)
start <- proc.time()[["elapsed"]]
for (i in seq_len(assets - 1)) {
	for (j in (i + 1):assets) {
		r <- runCor(x[, i], x[, j], window)[window:bars]
		all <- all + c(min(r), max(r), mean(r), sd(r), r[length(r)], sum(r[-1] * r[-length(r)] < 0))
	}
}
cat(sprintf("%.3f\n", (proc.time()[["elapsed"]] - start) * 1000))
cat(sprintf("%.15g", all), "\n")
