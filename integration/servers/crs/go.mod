module bartizan.local/crs

go 1.26

require github.com/corazawaf/coraza-coreruleset/v4 v4.25.0
