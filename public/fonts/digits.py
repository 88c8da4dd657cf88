# Keeps only the ten digits in a font's tabular figures. python digits.py IN.ttf OUT.ttf
import sys

from fontTools.ttLib import TTFont

font = TTFont(sys.argv[1])
gsub = font["GSUB"].table
digits = {font.getBestCmap()[code] for code in range(0x30, 0x3A)}
for record in gsub.FeatureList.FeatureRecord:
    if record.FeatureTag == "tnum":
        for index in record.Feature.LookupListIndex:
            for table in gsub.LookupList.Lookup[index].SubTable:
                table = getattr(table, "ExtSubTable", table)
                table.mapping = {glyph: other for glyph, other in table.mapping.items() if glyph in digits}
font.save(sys.argv[2])
