-- Somebody shows a ticket. ARGV: now, ticket, epoch, issued at, order among the tickets of its life, remembered limits.
local ticket, epoch, issued_at, order = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
if s.epoch == epoch and tonumber(ticket) > s.issued then forget_life() end

local last = redis.call('GET', USER)
local mine, _, life = users_ticket()
local booked = redis.call('EXISTS', DONE) == 1
if s.epoch ~= epoch and life ~= s.epoch and not booked and (not last or mine == ticket) and now - tonumber(issued_at) < IDLE then
  if not s.epoch then begin() end
  rejoin(ticket, order, issued_at)
  mine = ticket
end

if s.epoch then
  restore_limits(ARGV[6])
  step(false)
end
if booked then return { 'completed', ticket, '0', issued_at, 0, view() } end
if not s.epoch then return { 'expired', ticket, '0', issued_at, 0, view() } end
local status, till = stand(ticket, mine == ticket)
return { status, ticket, till, issued_at, 0, view() }
