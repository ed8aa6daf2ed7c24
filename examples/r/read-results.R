# Read what bayestrace writes, in R: the tidy tables of `bayestrace appendix --csv`, and posterior.nc.
#
#   Rscript read-results.R TABLES posterior.nc
#
# Needs the package ncdf4 for the second. Prints, of each case, the pooled probability of each explanation three times:
# from posteriors.csv, from the group `cases` of posterior.nc, and once more from the draws, which says the same of the
# unpooled ones: prior times likelihood, averaged over the draws.

arguments <- commandArgs(trailingOnly = TRUE)
tables <- arguments[1]
result <- arguments[2]

# Files are UTF-8 with a byte order mark. Nothing is what is not known; NA may be an id.
read_table <- function(name) {
  read.csv(file.path(tables, paste0(name, ".csv")), fileEncoding = "UTF-8-BOM", na.strings = "", encoding = "UTF-8")
}

posteriors <- read_table("posteriors")
weights <- read_table("weights")

# Names of things in posterior.nc; R gives an array the dimensions of the file in the opposite order.
library(ncdf4)
nc <- nc_open(result)
names_of <- function(dim, group = "problem") as.character(ncvar_get(nc, paste0(group, "/", dim)))
cases <- names_of("case")
hypotheses <- names_of("hypothesis")

pooled <- ncvar_get(nc, "cases/probability") # hypothesis, case, stat, pooling
stat <- names_of("stat", "cases")
pooling <- names_of("pooling", "cases")
dimnames(pooled) <- list(hypotheses, cases, stat, pooling)

# From the draws: P(hypothesis | evidence of the case) is prior times exp(log-likelihood), normalised in each draw.
loglik <- ncvar_get(nc, "posterior/case_loglik") # hypothesis, case, draw, chain
prior <- as.numeric(ncvar_get(nc, "problem/prior"))
unpooled_of <- function(case) {
  logs <- matrix(loglik[, case, , ], nrow = length(hypotheses)) + log(prior)
  shares <- exp(sweep(logs, 2, apply(logs, 2, max)))
  rowMeans(sweep(shares, 2, colSums(shares), "/"))
}

told <- do.call(rbind, lapply(seq_along(cases), function(case) {
  rows <- posteriors[posteriors$case == cases[case], ]
  rows <- rows[match(hypotheses, rows$hypothesis), ]
  data.frame(
    case = cases[case],
    hypothesis = hypotheses,
    csv = rows$pooled,
    netcdf = pooled[, cases[case], "mean", "pooled"],
    unpooled = rows$unpooled,
    from_draws = unpooled_of(case),
    row.names = NULL
  )
}))
nc_close(nc)

options(digits = 10, width = 200)
print(told)
cat("\nStated weights of the focal explanation, by coder: mean in decibels\n")
print(aggregate(best_db ~ coder + against, weights, mean))
stopifnot(
  max(abs(told$csv - told$netcdf)) < 1e-12,
  max(abs(told$unpooled - told$from_draws)) < 1e-9
)
cat("Tables and draws agree.\n")
