-- Tickets have served: their users left, or have booked. KEYS after the line's: the user's and the booking's of each;
-- ARGV: now, and of each its number, and 1 when booked.
read_own()
local tickets = {}
for i = 2, #ARGV, 2 do
  local user, booking = KEYS[OF_LINE + i - 1], KEYS[OF_LINE + i]
  tickets[#tickets + 1] = ARGV[i]
  -- "left" keeps a ticket of a lost life from re-forming the line after its user went away.
  if not own[user] or string.match(own[user], '^%d+') == ARGV[i] then
    own[user] = 'left'
    redis.call('SET', user, 'left', 'PX', REMEMBER)
  end
  if ARGV[i + 1] == '1' then redis.call('SET', booking, ARGV[1], 'PX', REMEMBER) end
end
for _, set in ipairs({ LEASES, ADMITTED, ACTIVE, REFORMED }) do redis.call('ZREM', set, unpack(tickets)) end
return 1
