# Draws growth.sh's table: three panels, both axes logarithmic, with a line of slope 1.
# Arguments: the file of lines "what number milliseconds", and the picture to write.
arguments <- commandArgs(trailingOnly = TRUE)
all <- read.table(arguments[1], col.names = c("what", "n", "ms"))
title <- c(assets = "all pairs, 1,000 days", days = "all pairs, 500 assets",
	portfolios = "refresh, 50 positions a portfolio")
png(arguments[2], width = 1200, height = 420, type = "cairo", res = 110)
par(mfrow = c(1, 3), mar = c(4.2, 5, 2.4, 0.8), mgp = c(3.4, 0.8, 0), las = 1)
for (what in names(title)) {
	d <- all[all$what == what, ]
	# decimal labels, at the measured points and powers of ten
	plot(d$n, d$ms, log = "xy", type = "o", pch = 19, col = "#1f5fa8", lwd = 2, axes = FALSE,
		xlab = "", ylab = "milliseconds", main = title[[what]], font.main = 1,
		ylim = c(min(d$ms) / 1.5, max(d$ms) * 1.5))
	axis(1, at = d$n, labels = format(d$n, big.mark = ",", trim = TRUE), cex.axis = 0.85)
	ticks <- outer(c(1, 2, 5), 10^(0:6))
	axis(2, at = ticks, labels = format(ticks, big.mark = ",", trim = TRUE, scientific = FALSE), cex.axis = 0.85)
	lines(d$n, d$ms[1] * d$n / d$n[1], lty = 3, col = "grey40")
	legend("topleft", legend = c("measured", "proportional"), lty = c(1, 3), pch = c(19, NA),
		col = c("#1f5fa8", "grey40"), bty = "n")
	title(xlab = what, line = 2.4)
	box()
}
invisible(dev.off())
