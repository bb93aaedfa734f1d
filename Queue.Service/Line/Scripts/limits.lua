-- An operator sets the limits. ARGV: now, remembered epoch, issued, waiting, maxActive, perSecond, paused, opens at (0: open), seed.
local opens_at = tonumber(ARGV[8])
ensure(ARGV[2], ARGV[3], ARGV[4])
if opens_at > now and not limits.opensAt and s.serving < s.to then return 0 end

if opens_at > now then
  -- Who stands here already keeps the order; who comes from now on is shuffled at the opening.
  if not limits.opensAt then redis.call('HSET', LINE, 'from', int(s.issued), 'to', int(s.issued)) end
  redis.call('HSET', LIMITS, 'opensAt', ARGV[8], 'seed', ARGV[9])
elseif limits.opensAt then
  open_sale()
end
redis.call('HSET', LIMITS, 'maxActive', ARGV[5], 'perSecond', ARGV[6], 'paused', ARGV[7])
return 1
