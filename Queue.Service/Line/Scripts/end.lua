-- A ticket has served: its user left, or has booked. ARGV: now, ticket, 1 when booked.
local ticket = ARGV[2]
redis.call('ZREM', LEASES, ticket)
redis.call('ZREM', ADMITTED, ticket)
redis.call('ZREM', ACTIVE, ticket)
redis.call('ZREM', REFORMED, ticket)
local mine = redis.call('GET', USER)
-- "left" keeps a ticket of a lost life from re-forming the line after its user went away.
if not mine or string.match(mine, '^%d+') == ticket then redis.call('SET', USER, 'left', 'PX', REMEMBER) end
if ARGV[3] == '1' then redis.call('SET', DONE, ARGV[1], 'PX', REMEMBER) end
return 1
