-- An operator sets the limits. ARGV: now, remembered epoch, issued, waiting, limits; maxActive, perSecond, paused, opens at (0: open), seed.
read()
ensure(ARGV[2], ARGV[3], ARGV[4], ARGV[5])
-- A version grows with every word of an operator, also where Redis has forgotten the earlier ones.
local version = int(math.max(now, limits.version + 1))
return { set_limits(version, ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10]) and 1 or 0, view() }
