-- Users ask for tickets. KEYS after the line's: their users' keys; ARGV: now, remembered epoch, issued, waiting, limits.
read()
read_own()
ensure(ARGV[2], ARGV[3], ARGV[4], ARGV[5])
for i = OF_LINE + 1, #KEYS do
  local ticket, issued_at, life = ticket_of_user(KEYS[i])
  if ticket and life ~= s.epoch then rejoin(KEYS[i], ticket, ticket, issued_at) end
end
-- Where nobody waits there is nobody to move on, and the newcomers let the time pass.
if not nobody_waits() then step() end

local tickets, newcomers, is_coming = {}, {}, {}
for i = OF_LINE + 1, #KEYS do
  local user = KEYS[i]
  local ticket, issued_at = ticket_of_user(user)
  local status, till = 'expired', '0'
  if ticket then status, till = stand(user, ticket, true) end
  if status ~= 'expired' then
    tickets[i - OF_LINE] = { status, ticket, till, issued_at, 0 }
  elseif not is_coming[user] then
    is_coming[user] = true
    newcomers[#newcomers + 1] = i
  end
end

if #newcomers > 0 then
  -- Where nobody waits they are admitted at once, as far as there are places; behind others nobody can be.
  local at_once, alone = 0, nobody_waits()
  s.issued = redis.call('HINCRBY', LINE, 'issued', #newcomers)
  if alone then
    at_once = math.min(let_time_pass(), #newcomers)
    s.serving = s.serving + at_once
    save(at_once)
  end
  local waiting, admitted, fresh = { 'ZADD', LEASES }, { 'ZADD', ACTIVE }, {}
  for n, i in ipairs(newcomers) do
    local ticket = int(s.issued - #newcomers + n)
    local status, till, list = 'waiting', '0', waiting
    if n <= at_once then status, till, list = 'admitted', int(now + PLACE), admitted end
    list[#list + 1] = status == 'admitted' and till or int(now + LEASE)
    list[#list + 1] = ticket
    remember(KEYS[i], ticket, ARGV[1])
    tickets[i - OF_LINE] = { status, ticket, till, ARGV[1], 1 }
    fresh[KEYS[i]] = { status, ticket, till, ARGV[1], 0 }
  end
  if #waiting > 2 then redis.call(unpack(waiting)) end
  if #admitted > 2 then redis.call(unpack(admitted)) end
  for i = OF_LINE + 1, #KEYS do tickets[i - OF_LINE] = tickets[i - OF_LINE] or fresh[KEYS[i]] end
end
tidy()
return answer(tickets)
