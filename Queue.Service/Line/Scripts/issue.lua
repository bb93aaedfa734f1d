-- A user asks for a ticket. ARGV: now, remembered epoch, issued, waiting, limits.
ensure(ARGV[2], ARGV[3], ARGV[4], ARGV[5])
local ticket, issued_at, life = users_ticket()
if ticket and life ~= s.epoch then rejoin(ticket, ticket, issued_at) end
step(false)

if ticket then
  local status, till = stand(ticket, true)
  if status ~= 'expired' then return { status, ticket, till, issued_at, 0, view() } end
end

local nobody_waits = s.serving == s.issued and redis.call('ZCARD', REFORMED) == 0
s.issued = redis.call('HINCRBY', LINE, 'issued', 1)
ticket = int(s.issued)
remember(ticket, ARGV[1])
-- Behind others nobody can be admitted yet, and the ticket's lease has just been written.
local status, till = 'waiting', '0'
if nobody_waits then
  step(true)
  status, till = stand(ticket, true)
end
return { status, ticket, till, ARGV[1], 1, view() }
