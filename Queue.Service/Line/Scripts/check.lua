-- Tickets are shown. KEYS after the line's: the user's and the booking's of each; ARGV: now, remembered limits,
-- and of each its number, epoch, when it was issued, and its order among the tickets of its life.
read()
read_own()
local shown = {}
for i = 3, #ARGV, 4 do
  local n = #shown
  shown[n + 1] = {
    user = KEYS[OF_LINE + 2 * n + 1], booked = own[KEYS[OF_LINE + 2 * n + 2]],
    ticket = ARGV[i], epoch = ARGV[i + 1], issued_at = ARGV[i + 2], order = ARGV[i + 3],
  }
end

for _, t in ipairs(shown) do
  if s.epoch == t.epoch and tonumber(t.ticket) > s.issued then forget_life() end
end
for _, t in ipairs(shown) do
  local mine, _, life = ticket_of_user(t.user)
  if s.epoch ~= t.epoch and life ~= s.epoch and not t.booked and (not own[t.user] or mine == t.ticket) and now - tonumber(t.issued_at) < IDLE then
    if not s.epoch then begin() end
    rejoin(t.user, t.ticket, t.order, t.issued_at)
  end
end
if s.epoch then
  restore_limits(ARGV[2])
  step()
end

local tickets = {}
for i, t in ipairs(shown) do
  local status, till = 'expired', '0'
  if t.booked then
    status = 'completed'
  elseif s.epoch then
    status, till = stand(t.user, t.ticket, ticket_of_user(t.user) == t.ticket)
  end
  tickets[i] = { status, t.ticket, till, t.issued_at, 0 }
end
return answer(tickets)
