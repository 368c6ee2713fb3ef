-- What inference in a region multiplies the price of tokens by, in thousandths.
-- grain: inference_geo
select inference_geo, cast(multiplier * 1000 as bigint) as multiplier_thousandths
from seeds.inference_regions
